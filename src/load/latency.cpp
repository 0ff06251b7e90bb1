#include "latency.hpp"

#include "uringbench/base/clock.hpp"
#include "uringbench/model/latency.hpp"

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

RequestFigures figures_of(const LatencyReport& report, Switch histogram) {
  RequestFigures figures;
  figures.planned = report.planned;
  figures.unanswered = report.unanswered();
  figures.achieved_per_s = report.achieved_per_s;
  figures.overloaded = report.overloaded;
  figures.offered_per_s = report.offered_per_s;
  figures.response = summary_of(report.response);
  figures.service = summary_of(report.service);
  if (report.offered_per_s) figures.lateness = summary_of(report.lateness);
  if (histogram == Switch::on) figures.histogram = bins_of(report.response);
  return figures;
}

}  // namespace ub::load
