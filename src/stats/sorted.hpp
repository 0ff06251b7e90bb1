#pragma once

#include <span>
#include <vector>

namespace ub::stats {

/// Ascending copy. A value that is not finite is a bug of the caller: no file or counter yields
/// one.
std::vector<double> sorted(std::span<const double> values);

/// Of ascending, non-empty values; quantile.hpp says which definition.
double quantile_of_sorted(std::span<const double> ascending, double q);

/// Of non-empty values, which it reorders: what resampling calls thousands of times.
double median_in_place(std::span<double> values);

}  // namespace ub::stats
