#include "uringbench/model/latency.hpp"

namespace ub {

LatencySummary summary_of(const stats::Histogram& histogram) {
  const stats::HistogramSummary s = histogram.summary();
  return {s.count, s.min, s.p50, s.p90, s.p99, s.p999, s.p9999, s.max, s.mean};
}

std::vector<HistogramBin> bins_of(const stats::Histogram& histogram) {
  std::vector<HistogramBin> bins;
  for (const stats::HistogramRow& row : histogram.dump().rows) {
    bins.push_back({row.lower_ns, row.upper_ns, row.count});
  }
  return bins;
}

}  // namespace ub
