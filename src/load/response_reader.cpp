#include "response_reader.hpp"

#include <sys/socket.h>

#include <cerrno>

#include "uringbench/base/clock.hpp"

namespace ub::load {
namespace {

ResponseReader::Result failed(const Failure& failure) {
  return {ResponseReader::Outcome::failed, 0, failure};
}

}  // namespace

ResponseReader::Result ResponseReader::receive(Conversation& conversation) {
  const ssize_t got = ::recv(conversation.fd, buffer_.data(), buffer_.size(), MSG_DONTWAIT);
  if (got > 0) [[likely]] {
    return take(conversation, buffer_.first(static_cast<std::size_t>(got)), now_ns());
  }
  if (got == 0) return judge_end(conversation);
  if (errno == EAGAIN || errno == EINTR) return {};
  return failed({Failure::Kind::receive, 0, errno, {}, 0});
}

ResponseReader::Result ResponseReader::take(Conversation& conversation,
                                            std::span<const std::byte> bytes,
                                            std::uint64_t now_ns) {
  accounts_.tally->receive_calls.add();
  const std::uint64_t asked =
      (conversation.answered + conversation.tickets.in_flight()) * size_bytes_;
  if (conversation.received_bytes + bytes.size() > asked) {
    return failed({Failure::Kind::not_asked, 0, 0, locate(asked), 0});
  }
  if (conversation.verifier) {
    const auto wrong = conversation.verifier->take(bytes);
    if (wrong) return failed({Failure::Kind::wrong_byte, 0, 0, *wrong, 0});
  }
  conversation.received_bytes += bytes.size();
  const std::uint64_t whole = conversation.received_bytes / size_bytes_ - conversation.answered;
  for (std::uint64_t i = 0; i < whole; ++i) {
    accounts_.book->record_response(conversation.tickets.answer(*accounts_.pool), now_ns);
  }
  conversation.answered += whole;
  accounts_.tally->received_bytes.add(bytes.size());
  accounts_.tally->responses.add(whole);
  return {Outcome::responses, whole, {}};
}

ResponseReader::Result ResponseReader::judge_end(const Conversation& conversation) const {
  const Mismatch place = locate(conversation.received_bytes);
  if (place.byte != 0) return failed({Failure::Kind::cut_short, 0, 0, place, 0});
  if (conversation.state == Conversation::State::half_closed) return {Outcome::end, 0, {}};
  return failed({Failure::Kind::closed_early, 0, 0, {}, conversation.tickets.in_flight()});
}

Mismatch ResponseReader::locate(std::uint64_t offset) const {
  return {offset, offset / size_bytes_, offset % size_bytes_, 0, 0};
}

}  // namespace ub::load
