#pragma once

#include <numeric>
#include <span>

namespace ub::stats {

/// The arithmetic mean; of no values it is NaN.
inline double mean_of(std::span<const double> values) {
  return std::accumulate(values.begin(), values.end(), 0.0) / static_cast<double>(values.size());
}

}  // namespace ub::stats
