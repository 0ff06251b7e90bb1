#pragma once

#include <atomic>
#include <cstdint>

namespace ub {

/// A number that one thread changes and any thread may read. With one writer a load and a store do:
/// a locked addition would cost about 20 cycles. Who sees a change also sees what the writer had
/// changed before it, in other counters too; on x86 this costs nothing more than relaxed order.
class Counter {
 public:
  /// Writer only, as is raise_to().
  void add(std::uint64_t n = 1) {
    value_.store(value_.load(std::memory_order_relaxed) + n, std::memory_order_release);
  }
  /// Keeps the largest value.
  void raise_to(std::uint64_t n) {
    if (n > value_.load(std::memory_order_relaxed)) value_.store(n, std::memory_order_release);
  }
  [[nodiscard]] std::uint64_t get() const { return value_.load(std::memory_order_acquire); }

 private:
  std::atomic<std::uint64_t> value_{0};
};

/// What one thread counts stands on cache lines of its own, so that threads do not slow each other
/// down by counting: two lines, as x86 prefetches them in pairs.
inline constexpr std::size_t kTallyAlignment = 128;

}  // namespace ub
