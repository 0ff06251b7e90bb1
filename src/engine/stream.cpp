#include "stream.hpp"

#include <algorithm>

namespace ub::engine {
namespace {

/// More operations are never in flight on one connection: 4096 of 64 B are the 256 KiB that keep a
/// zero-copy sender from waiting for delayed acknowledgements.
constexpr std::uint32_t kMostOperationsHeld = kMaxNotifyBuffers;

std::uint32_t window_capacity(const net::MessageSet& messages, const EngineSetup& setup) {
  if (setup.path->reuse != path::Reuse::on_notification) return 1;
  const NotifyFactors& notify = setup.the_case.notify;
  if (notify.when == Notify::each) return 1;
  if (notify.buffers > 0) return notify.buffers;
  return std::min(messages.count() / setup.the_case.batch, kMostOperationsHeld);
}

}  // namespace

Stream::Stream(const net::MessageSet& messages, const EngineSetup& setup, ServerTally& tally,
               SendClock& clock, std::uint32_t first)
    : tally_(&tally),
      watcher_(setup.watcher),
      batch_(setup.the_case.batch),
      oldest_first_(first),
      window_(window_capacity(messages, setup)),
      credit_(setup.the_case),
      one_request_(connects_per_request(setup.the_case.workload)),
      timer_(&clock, setup.path->reuse == path::Reuse::on_notification) {
  payload_.messages = &messages;
  payload_.count = batch_;
  payload_.most_bytes = setup.most_bytes_a_send;
  // begin() moves on by one operation first: start just before message `first` and operation 0.
  payload_.first = (first == 0 ? messages.count() : first) - batch_;
  payload_.operation = kNone;
}

void Stream::begin() {
  window_.begin();
  credit_.spend();
  payload_.first += batch_;
  if (payload_.first == payload_.messages->count()) payload_.first = 0;
  payload_.skip_bytes = 0;
  ++payload_.operation;
  timer_.begun(payload_.operation);
  in_operation_ = true;
  tally_->sends.operations.add(1);
  if (watcher_ != nullptr) watcher_->taken(*payload_.messages, payload_.first, batch_);
}

void Stream::take_bytes(const path::SendProgress& progress) {
  tally_->sends.bytes.add(progress.bytes);
  payload_.skip_bytes += progress.bytes;
  if (progress.copy != path::CopyReport::none) {
    tally_->zero_copy.sends.add(1);
    tally_->count_copy(progress.copy);
  }
  if (progress.buffer == path::BufferState::held) {
    tally_->zero_copy.sends.add(1);
    window_.hold(progress.bytes);
    tally_->hold(progress.bytes);
  }
}

Next Stream::account(const path::SendProgress& progress) {
  if (progress.system_calls > 0) tally_->sends.system_calls.add(progress.system_calls);
  if (progress.notifications > 0) tally_->zero_copy.notifications.add(progress.notifications);
  take_bytes(progress);
  switch (progress.state) {
    case path::SendState::done:
      return finish_attempt();
    case path::SendState::unchanged:
    case path::SendState::in_flight:
      return Next::wait;
    case path::SendState::would_block:
      tally_->sends.would_block.add(1);
      return Next::writable;
    case path::SendState::starved:
      return starve(progress.error);
    case path::SendState::failed:
      tally_->sends.errors.add(progress.error);
      return Next::failed;
  }
  return Next::failed;
}

Next Stream::finish_attempt() {
  if (payload_.left_bytes() > 0) {
    // What the cap left for the next attempt was not asked for in this one.
    if (payload_.skip_bytes % payload_.most_bytes != 0) tally_->sends.short_sends.add(1);
    return Next::rest;
  }
  tally_->sends.messages.add(payload_.count);
  in_operation_ = false;
  timer_.accepted(payload_.operation);
  give_back(window_.end());
  return Next::operation;
}

void Stream::give_back(std::uint32_t operations) {
  oldest_operation_ += operations;
  timer_.released_before(oldest_operation_);
  for (; operations > 0; --operations) {
    if (watcher_ != nullptr) watcher_->given_back(*payload_.messages, oldest_first_, batch_);
    oldest_first_ += batch_;
    if (oldest_first_ == payload_.messages->count()) oldest_first_ = 0;
  }
}

Next Stream::starve(int error) {
  tally_->sends.errors.add(error);
  return holds_buffers() ? Next::release : Next::failed;
}

Arrival Stream::take_in(const receive::ReceiveProgress& progress) {
  if (progress.system_calls > 0) tally_->sends.system_calls.add(progress.system_calls);
  switch (progress.state) {
    case receive::ReceiveState::received:
      tally_->arrivals.receives.add(1);
      tally_->arrivals.bytes.add(progress.bytes);
      if (progress.mapped > 0) tally_->arrivals.mapped_bytes.add(progress.mapped);
      credit_.earn(progress.bytes);
      return Arrival::some;
    case receive::ReceiveState::would_block:
      tally_->arrivals.would_block.add(1);
      return Arrival::nothing;
    case receive::ReceiveState::exhausted:
      tally_->arrivals.exhausted.add(1);
      return Arrival::nothing;
    case receive::ReceiveState::ended:
      peer_ended_ = true;
      return credit_.in_mid_request() ? Arrival::failed : Arrival::ended;
    case receive::ReceiveState::failed:
      tally_->sends.errors.add(progress.error);
      return Arrival::failed;
  }
  return Arrival::failed;
}

bool Stream::account(path::Releases& releases) {
  bool known = true;
  for (const path::Release& release : releases) {
    const std::uint64_t held_bytes = window_.bytes_held();
    const std::optional<std::uint32_t> retired = window_.release(release.operation);
    if (retired) {
      tally_->release(held_bytes - window_.bytes_held());
      give_back(*retired);
      tally_->count_copy(release.copy);
    } else {
      known = false;
    }
  }
  releases.clear();
  return known;
}

}  // namespace ub::engine
