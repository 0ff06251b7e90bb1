#pragma once

#include <atomic>
#include <cstdint>
#include <limits>

#include "ticket.hpp"
#include "uringbench/load/crew.hpp"

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
  /// The length of a closed window.
  [[nodiscard]] std::uint64_t length_ns() const { return end_ns_ - begin_ns_; }

 private:
  static constexpr std::uint64_t kNever = std::numeric_limits<std::uint64_t>::max();

  std::atomic<std::uint64_t> begin_ns_ = kNever;
  std::atomic<std::uint64_t> end_ns_ = kNever;
};

/// The latencies that one thread measures. Does not allocate.
class LatencyBook {
 public:
  explicit LatencyBook(const Window& window) : window_(&window) {}

  /// A request is planned for `time_ns`: whether it counts. Asked once a request, so that requests
  /// and responses balance whatever moment a thread sees the window close.
  bool plan(std::uint64_t time_ns) {
    const bool counts = window_->contains(time_ns);
    if (counts) ++planned_;
    return counts;
  }

  /// A request that counts was sent later than planned by the load generator's own fault.
  void record_lateness(std::uint64_t lateness_ns) { lateness_.record(lateness_ns); }

  /// The response to `ticket` arrived.
  void record_response(const Ticket& ticket, std::uint64_t now_ns) {
    if (window_->contains(now_ns)) ++answered_;
    if (!ticket.counted) return;
    response_.record(now_ns - ticket.planned_ns);
    service_.record(now_ns - ticket.sent_ns);
  }

  /// Adds what is recorded to `report`.
  void add_to(LatencyReport& report) const;

 private:
  const Window* window_;
  stats::Histogram response_;
  stats::Histogram service_;
  stats::Histogram lateness_;
  std::uint64_t planned_ = 0;
  std::uint64_t answered_ = 0;
};

enum class Loop { closed, open };

inline Loop loop_of(const Case& the_case) {
  return the_case.rate_per_s > 0 ? Loop::open : Loop::closed;
}

/// Fewer than 99 % of what was offered, and by more than the two that a window's edges can cut off.
bool falls_short(std::uint64_t offered, std::uint64_t answered);

/// Fills in the rates of a report whose counts are complete.
void conclude(LatencyReport& report, Loop loop, std::uint64_t window_ns);

/// What a sample keeps of it.
RequestFigures figures_of(const LatencyReport& report, Switch histogram);

}  // namespace ub::load
