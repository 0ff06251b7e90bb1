#include "request_io.hpp"

#include <sys/socket.h>

#include <algorithm>
#include <cerrno>
#include <limits>

#include "uringbench/base/clock.hpp"
#include "uringbench/base/error.hpp"
#include "uringbench/net/message_set.hpp"

namespace ub::load {
namespace {

/// At most so many bytes of requests in one send(2), but at least one request.
constexpr std::size_t kMostBytes = 64U << 10U;

std::vector<std::byte> make_requests(std::size_t size_bytes) {
  const std::size_t count = std::max<std::size_t>(1, kMostBytes / size_bytes);
  std::vector<std::byte> requests(count * size_bytes);
  for (std::size_t i = 0; i < count; ++i) {
    net::fill_message(std::span(requests).subspan(i * size_bytes, size_bytes), 0);
  }
  return requests;
}

ResponseReader::Result failed(const Failure& failure) {
  return {ResponseReader::Outcome::failed, 0, failure};
}

}  // namespace

RequestWriter::RequestWriter(const Case& the_case, const Accounts& accounts)
    : accounts_(accounts),
      size_bytes_(the_case.request_size_bytes),
      depth_(the_case.depth == 0 ? std::numeric_limits<std::uint32_t>::max() : the_case.depth),
      loop_(loop_of(the_case)),
      requests_(make_requests(size_bytes_)) {}

std::uint32_t RequestWriter::sendable(const Conversation& conversation) const {
  const std::uint32_t room = depth_ - conversation.tickets.in_flight();
  const auto most = static_cast<std::uint32_t>(requests_.size() / size_bytes_);
  return std::min({conversation.tickets.due(), room, most});
}

int RequestWriter::send_due(Conversation& conversation) {
  conversation.socket_full = false;
  while (const std::uint32_t requests = sendable(conversation)) {
    const int error = send_once(conversation, requests);
    conversation.socket_full = error == EAGAIN;
    if (conversation.socket_full) break;
    if (error != 0 && error != EINTR) return error;
  }
  if (conversation.tickets.due() > 0) conversation.held_ns = now_ns();
  return 0;
}

/// 0 or a positive errno.
int RequestWriter::send_once(Conversation& conversation, std::uint32_t requests) {
  const std::size_t begin = conversation.partial_bytes;
  const std::size_t length = requests * size_bytes_ - begin;
  const std::uint64_t now = now_ns();
  const SysResult sent = from_errno(
      ::send(conversation.fd, requests_.data() + begin, length, MSG_DONTWAIT | MSG_NOSIGNAL));
  if (sent.ok()) account(conversation, static_cast<std::size_t>(sent.value), now);
  return sent.error;
}

void RequestWriter::account(Conversation& conversation, std::size_t bytes, std::uint64_t now_ns) {
  accounts_.tally->send_calls.add();
  accounts_.tally->sent_bytes.add(bytes);
  std::uint32_t whole = 0;
  while (bytes > 0) {
    Ticket& ticket = conversation.tickets.first_due(*accounts_.pool);
    if (conversation.partial_bytes == 0) stamp(conversation, ticket, now_ns);
    const std::size_t taken = std::min(bytes, size_bytes_ - conversation.partial_bytes);
    bytes -= taken;
    conversation.partial_bytes += taken;
    if (conversation.partial_bytes < size_bytes_) break;
    conversation.partial_bytes = 0;
    conversation.tickets.mark_sent(*accounts_.pool);
    ++whole;
  }
  accounts_.tally->requests.add(whole);
}

void RequestWriter::stamp(const Conversation& conversation, Ticket& ticket, std::uint64_t now_ns) {
  ticket.sent_ns = now_ns;
  if (loop_ == Loop::closed) {
    ticket.planned_ns = now_ns;
    ticket.counted = accounts_.book->plan(now_ns);
    return;
  }
  if (ticket.planned_ns <= conversation.held_ns) {
    accounts_.tally->held.add();
    return;
  }
  const std::uint64_t lateness_ns = now_ns - ticket.planned_ns;
  if (lateness_ns > RequestFigures::kLateNs) accounts_.tally->late.add();
  if (ticket.counted) accounts_.book->record_lateness(lateness_ns);
}

ResponseReader::Result ResponseReader::receive(Conversation& conversation) {
  const ssize_t got = ::recv(conversation.fd, buffer_.data(), buffer_.size(), MSG_DONTWAIT);
  if (got > 0) [[likely]] {
    return take(conversation, buffer_.first(static_cast<std::size_t>(got)), now_ns());
  }
  if (got == 0) return judge_end(conversation);
  if (errno == EAGAIN || errno == EINTR) return {};
  return failed({.kind = Failure::Kind::receive, .error = errno});
}

ResponseReader::Result ResponseReader::take(Conversation& conversation,
                                            std::span<const std::byte> bytes,
                                            std::uint64_t now_ns) {
  accounts_.tally->receive_calls.add();
  const std::uint64_t asked =
      (conversation.answered + conversation.tickets.in_flight()) * size_bytes_;
  if (conversation.received_bytes + bytes.size() > asked) {
    return failed({.kind = Failure::Kind::not_asked, .mismatch = locate(asked)});
  }
  if (conversation.verifier) {
    const auto wrong = conversation.verifier->take(bytes);
    if (wrong) return failed({.kind = Failure::Kind::wrong_byte, .mismatch = *wrong});
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
  if (place.byte != 0) return failed({.kind = Failure::Kind::cut_short, .mismatch = place});
  if (conversation.state == Conversation::State::half_closed) return {Outcome::end, 0, {}};
  return failed(
      {.kind = Failure::Kind::closed_early, .unanswered = conversation.tickets.in_flight()});
}

Mismatch ResponseReader::locate(std::uint64_t offset) const {
  return {offset, offset / size_bytes_, offset % size_bytes_, 0, 0};
}

}  // namespace ub::load
