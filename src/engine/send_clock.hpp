#pragma once

#include <cstdint>
#include <mutex>

#include "uringbench/model/sample.hpp"
#include "uringbench/stats/histogram.hpp"

namespace ub::engine {

/// How long sends take, from a sample of all operations of an engine: one in kEvery of each
/// connection. Timing every one would cost two clock readings (about 50 ns) a message; so it is
/// under 1 ns. All threads write; the lock is taken for sampled operations only.
class SendClock {
 public:
  static constexpr std::uint32_t kEvery = 64;

  void accepted(std::uint64_t duration_ns) {
    const std::scoped_lock lock(mutex_);
    accepted_.record(duration_ns);
  }
  void released(std::uint64_t duration_ns) {
    const std::scoped_lock lock(mutex_);
    released_.record(duration_ns);
  }

  /// `released` is nullopt where no buffer was waited for.
  [[nodiscard]] SendTiming read() const;

 private:
  mutable std::mutex mutex_;
  stats::Histogram accepted_;
  stats::Histogram released_;
};

/// Times one operation in kEvery of one connection, one at a time: while one has its buffers away
/// no other is timed.
class OperationTimer {
 public:
  OperationTimer(SendClock* clock, bool awaits_release)
      : clock_(clock), awaits_release_(awaits_release) {}

  void begun(std::uint32_t operation) {
    if (clock_ == nullptr || operation % SendClock::kEvery != 0 || running_) [[likely]]
      return;
    start(operation);
  }
  void accepted(std::uint32_t operation) {
    if (running_ && operation == operation_) [[unlikely]]
      note_accepted();
  }
  /// All operations before `oldest` have their buffers back.
  void released_before(std::uint32_t oldest) {
    if (running_ && static_cast<std::int32_t>(oldest - operation_) > 0) [[unlikely]]
      note_released();
  }

 private:
  void start(std::uint32_t operation);
  void note_accepted();
  void note_released();

  SendClock* clock_;
  bool awaits_release_;
  bool running_ = false;
  std::uint32_t operation_ = 0;
  std::uint64_t begun_ns_ = 0;
};

}  // namespace ub::engine
