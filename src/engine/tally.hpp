#pragma once

#include <array>
#include <atomic>
#include <cstdint>

#include "uringbench/engine/engine.hpp"

namespace ub::engine {

/// A number that one thread adds to and any thread may read. Who sees an addition also sees the
/// additions to other counts before it. Plain loads and stores on x86: no locked instruction.
class Count {
 public:
  void add(std::uint64_t n) {
    value_.store(value_.load(std::memory_order_relaxed) + n, std::memory_order_release);
  }
  [[nodiscard]] std::uint64_t get() const { return value_.load(std::memory_order_acquire); }

 private:
  std::atomic<std::uint64_t> value_{0};
};

/// Everything one sending thread counts. On cache lines of its own, so that reading it from the
/// control thread is the only sharing.
struct alignas(64) Tally {
  Count messages;
  Count bytes;
  Count operations;
  Count short_sends;
  Count would_block;
  Count buffer_waits;
  Count system_calls;
  Count cq_overflows;
  Count zero_copy_sends;
  Count real;
  Count copied;
  Count received_bytes;
  Count mapped_bytes;
  Count receives;
  Count nothing_received;
  Count exhausted;
  Count rearmed;
  Count notifications;
  Count held_peak;
  Count held_peak_bytes;
  std::array<Count, 134> errors;  ///< by errno; EHWPOISON (133) is the largest of Linux

  void count_error(int error);
  void count_copy(path::CopyReport report);
  /// One more, or one less, buffer is in the kernel's hands.
  void hold(std::uint64_t its_bytes) {
    if (++held_ > held_peak.get()) held_peak.add(1);
    held_bytes_ += its_bytes;
    const std::uint64_t peak = held_peak_bytes.get();
    if (held_bytes_ > peak) held_peak_bytes.add(held_bytes_ - peak);
  }
  void release(std::uint64_t its_bytes) {
    --held_;
    held_bytes_ -= its_bytes;
  }

  /// Adds this tally to `counts`, at any moment such that no part exceeds its whole.
  void add_to(EngineCounts& counts) const;

 private:
  void add_zero_copy_to(ZeroCopyCounts& counts) const;

  std::uint64_t held_ = 0;  ///< of the counting thread only, as is the next
  std::uint64_t held_bytes_ = 0;
};

}  // namespace ub::engine
