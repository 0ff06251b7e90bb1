#pragma once

#include <cstdint>
#include <optional>

#include "ticket.hpp"
#include "uringbench/load/latency_report.hpp"
#include "window.hpp"

namespace ub::load {

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

/// Fills in the rates of a report whose counts are complete.
void conclude(LatencyReport& report, Loop loop, std::uint64_t window_ns);

}  // namespace ub::load
