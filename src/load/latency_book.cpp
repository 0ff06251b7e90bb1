#include "latency_book.hpp"

#include "uringbench/base/clock.hpp"

namespace ub::load {

bool falls_short(std::uint64_t offered, std::uint64_t answered) {
  constexpr std::uint64_t kEdges = 2;
  if (answered + kEdges >= offered) return false;
  return static_cast<double>(answered) < 0.99 * static_cast<double>(offered);
}

void LatencyBook::add_to(LatencyReport& report) const {
  report.response.merge(response_);
  report.service.merge(service_);
  report.lateness.merge(lateness_);
  report.planned += planned_;
  report.answered += answered_;
}

void conclude(LatencyReport& report, Loop loop, std::uint64_t window_ns) {
  report.window_s = static_cast<double>(window_ns) / kNsPerSecond;
  report.achieved_per_s = static_cast<double>(report.answered) / report.window_s;
  if (loop == Loop::closed) return;
  report.offered_per_s = static_cast<double>(report.planned) / report.window_s;
  report.overloaded = falls_short(report.planned, report.answered);
}

}  // namespace ub::load
