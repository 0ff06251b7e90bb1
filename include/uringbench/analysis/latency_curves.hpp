#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "uringbench/analysis/arrange.hpp"

/// Whole distributions of response times. Pure functions.
namespace ub::analysis {

struct LatencyPoint {
  double quantile = 0;
  double ns = 0;
};

/// One row's response times over all its repetitions: their histograms are merged, and quantiles
/// are taken of the sum, since a mean of percentiles is a percentile of nothing.
struct LatencyCurve {
  std::string title;  ///< of the group
  Case the_case;
  std::uint64_t count = 0;           ///< requests
  std::size_t repetitions = 0;       ///< that kept their histogram
  std::vector<LatencyPoint> points;  ///< ascending, up to the last quantile that ten lie beyond
  std::vector<HistogramBin> bins;    ///< in quarters of a power of two, empty ones left out
};

/// One per row with histograms (--histogram).
std::vector<LatencyCurve> latency_curves_of(const std::vector<Group>& groups);

}  // namespace ub::analysis
