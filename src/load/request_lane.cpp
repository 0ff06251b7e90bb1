#include "request_lane.hpp"

#include <sys/socket.h>

#include <algorithm>

#include "uringbench/base/clock.hpp"

namespace ub::load {
namespace {

/// So many requests fall due before they are sent, and before responses are looked for: a load
/// generator that is behind catches up, but does not forget to receive.
constexpr std::size_t kBatch = 64;

/// Closed loop: a ticket for each request in flight. Open loop: enough for a stall of 0.6 s at
/// 100,000 requests a second, 1.5 MiB; more when there are many clients.
std::uint32_t tickets_needed(const Case& the_case, std::size_t clients) {
  constexpr std::uint32_t kOpenLoop = 1U << 16U;
  constexpr std::uint32_t kOpenLoopEach = 64;
  const auto count = static_cast<std::uint32_t>(clients);
  return loop_of(the_case) == Loop::open ? std::max(kOpenLoop, kOpenLoopEach * count)
                                         : count * the_case.depth;
}

}  // namespace

std::uint64_t sleep_ns(std::uint64_t due_ns, std::uint64_t now_ns) {
  if (due_ns == Watcher::kForever) return Watcher::kForever;
  if (due_ns <= now_ns + kSpinNs) return 0;
  const std::uint64_t left_ns = due_ns - now_ns - kSpinNs;
  return left_ns - left_ns / 512;
}

RequestLane::RequestLane(const Case& the_case, const std::optional<SchedulePlan>& schedule,
                         std::span<Conversation> conversations,
                         const LaneSurroundings& surroundings)
    : conversations_(conversations),
      surroundings_(surroundings),
      depth_(the_case.depth),
      pool_(tickets_needed(the_case, conversations.size())),
      book_(surroundings.control->window),
      writer_(the_case, {&pool_, &book_, surroundings.tally}),
      reader_(the_case.size_bytes, surroundings.buffer, {&pool_, &book_, surroundings.tally}),
      open_(conversations.size()) {
  if (schedule) schedule_.emplace(*schedule);
}

void RequestLane::begin() {
  begun_ = true;
  start_ns_ = surroundings_.control->start_ns;
  if (schedule_) return;
  for (Conversation& conversation : conversations_) {
    for (std::uint32_t i = 0; i < depth_; ++i) push(conversation, 0, false);
    pump(conversation);
  }
}

void RequestLane::tend() {
  if (stopping_) return;
  if (!surroundings_.control->running()) [[unlikely]] {
    return stop();
  }
  if (!schedule_) return;
  const std::uint64_t now = now_ns();
  if (due(now)) admit(now);
}

bool RequestLane::due(std::uint64_t now_ns) const {
  return start_ns_ + schedule_->next_ns() <= now_ns;
}

std::uint64_t RequestLane::next_due_ns() const {
  if (!schedule_ || stopping_ || pool_.empty()) return Watcher::kForever;
  return start_ns_ + schedule_->next_ns();
}

void RequestLane::admit(std::uint64_t now_ns) {
  if (starving_) starved_ns_ = now_ns;
  const std::size_t first = next_;
  std::size_t admitted = 0;
  while (admitted < kBatch && !pool_.empty() && due(now_ns)) {
    admit_next();
    ++admitted;
  }
  starving_ = pool_.empty() && due(now_ns);
  if (starving_) starved_ns_ = now_ns;
  for (std::size_t i = 0; i < std::min(admitted, conversations_.size()); ++i) {
    Conversation& conversation = conversations_[(first + i) % conversations_.size()];
    if (conversation.state != Conversation::State::ended) pump(conversation);
  }
}

void RequestLane::admit_next() {
  const std::uint64_t planned_ns = start_ns_ + schedule_->next_ns();
  schedule_->advance();
  Conversation& conversation = conversations_[next_];
  next_ = (next_ + 1) % conversations_.size();
  tally().planned.add();
  const bool counted = book_.plan(planned_ns);
  if (conversation.state == Conversation::State::ended) return tally().abandoned.add();
  if (planned_ns <= starved_ns_) {
    tally().out_of_tickets.add();
    conversation.held_ns = std::max(conversation.held_ns, starved_ns_);
  }
  push(conversation, planned_ns, counted);
}

void RequestLane::push(Conversation& conversation, std::uint64_t planned_ns, bool counted) {
  const std::uint32_t ticket = pool_.take();
  pool_[ticket].planned_ns = planned_ns;
  pool_[ticket].counted = counted;
  conversation.tickets.push(pool_, ticket);
}

/// Sends what can be sent; closes our side when nothing will ever be due again.
void RequestLane::pump(Conversation& conversation) {
  const bool was_full = conversation.socket_full;
  const int error = writer_.send_due(conversation);
  if (error != 0) return fail(conversation, {.kind = Failure::Kind::send, .error = error});
  if (surroundings_.watcher != nullptr && conversation.socket_full != was_full) {
    surroundings_.watcher->set_interest(conversation,
                                        conversation.socket_full ? EPOLLIN | EPOLLOUT : EPOLLIN);
  }
  const TicketQueue& tickets = conversation.tickets;
  if (!stopping_ || tickets.due() + tickets.in_flight() > 0) return;
  if (conversation.state != Conversation::State::open) return;
  ::shutdown(conversation.fd, SHUT_WR);
  conversation.state = Conversation::State::half_closed;
}

void RequestLane::serve(Conversation& conversation) {
  if (conversation.socket_full) pump(conversation);
  if (conversation.state != Conversation::State::ended) receive(conversation);
}

void RequestLane::receive(Conversation& conversation) {
  const ResponseReader::Result result = reader_.receive(conversation);
  switch (result.outcome) {
    case ResponseReader::Outcome::nothing:
      return;
    case ResponseReader::Outcome::end:
      return end(conversation);
    case ResponseReader::Outcome::failed:
      return fail(conversation, result.failure);
    case ResponseReader::Outcome::responses:
      break;
  }
  if (!schedule_ && !stopping_) {
    for (std::uint64_t i = 0; i < result.responses; ++i) push(conversation, 0, false);
  }
  if (stopping_ || conversation.tickets.due() > 0) pump(conversation);
}

/// From now on nothing falls due; what has begun to go, goes, since half a request would leave the
/// server waiting for the rest.
void RequestLane::stop() {
  stopping_ = true;
  if (schedule_ && begun_) abandon_backlog(now_ns());
  for (Conversation& conversation : conversations_) {
    if (conversation.state == Conversation::State::ended) continue;
    const std::uint32_t kept = conversation.partial_bytes > 0 ? 1 : 0;
    tally().abandoned.add(conversation.tickets.drop_due(pool_, kept));
    pump(conversation);
  }
}

/// What fell due and was not even given a ticket belongs to the plan all the same.
void RequestLane::abandon_backlog(std::uint64_t now_ns) {
  for (; due(now_ns); schedule_->advance()) {
    book_.plan(start_ns_ + schedule_->next_ns());
    tally().planned.add();
    tally().abandoned.add();
  }
}

void RequestLane::fail(Conversation& conversation, Failure failure) {
  failure.client = conversation.client;
  surroundings_.control->report(failure);
  tally().abandoned.add(conversation.tickets.due());
  conversation.tickets.clear(pool_);
  reset_connection(conversation);
  end(conversation);
}

void RequestLane::end(Conversation& conversation) {
  if (surroundings_.watcher != nullptr) surroundings_.watcher->forget(conversation);
  conversation.socket_full = false;
  conversation.state = Conversation::State::ended;
  tally().ended.add();
  --open_;
}

}  // namespace ub::load
