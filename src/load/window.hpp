#pragma once

#include <atomic>
#include <cstdint>
#include <limits>

namespace ub::load {

/// The measured window, opened and closed by one thread while others look at it. Times of now_ns().
class Window {
 public:
  void open(std::uint64_t now_ns) { begin_ns_.store(now_ns); }
  void close(std::uint64_t now_ns) { end_ns_.store(now_ns); }

  [[nodiscard]] bool contains(std::uint64_t time_ns) const {
    return time_ns >= begin_ns_.load(std::memory_order_relaxed) &&
           time_ns < end_ns_.load(std::memory_order_relaxed);
  }

  [[nodiscard]] bool opened() const { return begin_ns_ != kNever; }
  [[nodiscard]] bool closed() const { return end_ns_ != kNever; }
  /// Of a closed window.
  [[nodiscard]] std::uint64_t length_ns() const { return end_ns_ - begin_ns_; }

 private:
  static constexpr std::uint64_t kNever = std::numeric_limits<std::uint64_t>::max();

  std::atomic<std::uint64_t> begin_ns_ = kNever;
  std::atomic<std::uint64_t> end_ns_ = kNever;
};

}  // namespace ub::load
