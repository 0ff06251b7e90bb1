#pragma once

#include <vector>

#include "uringbench/model/sample.hpp"
#include "uringbench/stats/histogram.hpp"

namespace ub {

/// What a sample keeps of a histogram.
LatencySummary summary_of(const stats::Histogram& histogram);

/// All of it, from the shortest to the longest time; empty bins are left out.
std::vector<HistogramBin> bins_of(const stats::Histogram& histogram);

}  // namespace ub
