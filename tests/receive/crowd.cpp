#include "crowd.hpp"

#include <poll.h>

namespace ub::receive {
namespace {

constexpr std::uint64_t kPatienceNs = 30'000'000'000;

bool is_last(ReceiveState state) {
  return state == ReceiveState::ended || state == ReceiveState::failed;
}

}  // namespace

Crowd::Crowd(const CrowdOptions& options) : options_(options), ring_(options.ring) {
  if (options_.path->make_shared) {
    shared_ = options_.path->make_shared({.ring = &ring_,
                                          .connections = options_.connections,
                                          .buffer_bytes = options_.buffer_bytes,
                                          .memory_bytes = options_.memory_bytes});
  }
  for (std::uint32_t number = 0; number < options_.connections; ++number) {
    members_.push_back(std::make_unique<Member>(number));
    Member& member = *members_.back();
    member.path = options_.path->make_ring({.ring = &ring_,
                                            .shared = shared_.get(),
                                            .fd = member.pair.receiver.get(),
                                            .connection = number,
                                            .buffer_bytes = options_.buffer_bytes});
  }
}

/// Lets bytes wait on every connection before any is received, so that all want buffers at once.
void Crowd::fill_sockets() {
  sent_before_ = std::min<std::uint64_t>(options_.bytes_each, 8192);
  for (std::uint32_t number = 0; number < options_.connections; ++number) {
    const TcpPair& pair = members_[number]->pair;
    send_all(pair.sender.get(), pattern(number, sent_before_));
    pollfd readable{.fd = pair.receiver.get(), .events = POLLIN, .revents = 0};
    (void)::poll(&readable, 1, 30'000);
  }
}

void Crowd::send_the_rest() {
  constexpr std::uint64_t kRound = 10'000;
  for (std::uint64_t begin = sent_before_; begin < options_.bytes_each; begin += kRound) {
    for (std::uint32_t number = 0; number < options_.connections; ++number) {
      std::vector<std::byte> bytes(std::min(kRound, options_.bytes_each - begin));
      for (std::uint64_t i = 0; i < bytes.size(); ++i) bytes[i] = pattern_at(number, begin + i);
      send_in_pieces(members_[number]->pair.sender.get(), bytes, 1, 4000);
    }
  }
  for (const auto& member : members_) member->pair.sender.reset();
}

void Crowd::arm(std::uint64_t number) {
  io_uring_sqe& sqe = ring_.next_sqe();
  members_[number]->path->arm(sqe);
  sqe.user_data = number;
  members_[number]->armed = Armed::yes;
}

void Crowd::completed(const uring::Completion& completion) {
  Member& member = *members_[completion.user_data];
  const ReceiveProgress progress = member.path->complete(completion, member.sink);
  member.armed = progress.armed;
  member.outcome.bytes += progress.bytes;
  member.outcome.state = progress.state;
  member.outcome.error = progress.error;
  if (progress.state == ReceiveState::exhausted) ++member.outcome.exhausted;
  if (progress.bytes > 0 && progress.armed == Armed::no) ++member.outcome.ended_early;
  if (is_last(progress.state)) {
    --open_;
  } else if (progress.armed == Armed::no) {
    arm(completion.user_data);
  }
}

Outcome Crowd::run() {
  fill_sockets();
  const std::jthread sender([this] { send_the_rest(); });
  open_ = options_.connections;
  for (std::uint32_t number = 0; number < options_.connections; ++number) arm(number);
  while (open_ > 0 && ring_.submit_and_wait(kPatienceNs)) {
    ring_.for_each_completion(
        [this](const uring::Completion& completion) { completed(completion); });
  }
  for (const auto& member : members_) ::shutdown(member->pair.receiver.get(), SHUT_RDWR);
  return sum();
}

Outcome Crowd::sum() const {
  Outcome sum;
  sum.state = ReceiveState::ended;
  for (const auto& member : members_) {
    sum.bytes += member->outcome.bytes;
    sum.exhausted += member->outcome.exhausted;
    sum.ended_early += member->outcome.ended_early;
    if (member->outcome.state == ReceiveState::ended || sum.state != ReceiveState::ended) continue;
    sum.state = member->outcome.state;
    sum.error = member->outcome.error;
  }
  if (shared_) {
    sum.buffers = shared_->buffers();
    sum.buffers_free = shared_->buffers_free();
  }
  return sum;
}

}  // namespace ub::receive
