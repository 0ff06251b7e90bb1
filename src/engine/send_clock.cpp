#include "send_clock.hpp"

#include "uringbench/base/clock.hpp"
#include "uringbench/model/latency.hpp"

namespace ub::engine {

SendTiming SendClock::read() const {
  const std::scoped_lock lock(mutex_);
  SendTiming timing;
  timing.accepted = summary_of(accepted_);
  if (released_.count() > 0) timing.released = summary_of(released_);
  return timing;
}

void OperationTimer::start(std::uint32_t operation) {
  running_ = true;
  operation_ = operation;
  begun_ns_ = now_ns();
}

void OperationTimer::note_accepted() {
  clock_->accepted(now_ns() - begun_ns_);
  running_ = awaits_release_;
}

void OperationTimer::note_released() {
  clock_->released(now_ns() - begun_ns_);
  running_ = false;
}

}  // namespace ub::engine
