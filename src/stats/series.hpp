#pragma once

#include <numeric>
#include <span>
#include <vector>

namespace ub::stats {

/// Standard deviation by the MAD; by squares where the MAD is 0 (more than half the values equal);
/// 0 for fewer than two values.
double robust_sigma(std::span<const double> values);

/// The arithmetic mean; of no values it is NaN.
inline double mean_of(std::span<const double> values) {
  return std::accumulate(values.begin(), values.end(), 0.0) / static_cast<double>(values.size());
}

/// Ascending copy. A value that is not finite is a bug of the caller: no file or counter yields
/// one.
std::vector<double> sorted(std::span<const double> values);

/// The quantile of ascending, non-empty values; quantile.hpp says which definition.
double quantile_of_sorted(std::span<const double> ascending, double q);

/// The median of non-empty values, which it reorders: what resampling calls thousands of times.
double median_in_place(std::span<double> values);

}  // namespace ub::stats
