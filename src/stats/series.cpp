#include "series.hpp"

#include <cmath>
#include <numeric>

#include "uringbench/stats/quantile.hpp"

namespace ub::stats {
double robust_sigma(std::span<const double> values) {
  if (values.size() < 2) return 0;
  const double by_mad = kMadToSigma * median_absolute_deviation(values).value_or(0);
  if (by_mad > 0) return by_mad;
  const auto count = static_cast<double>(values.size());
  const double mean = std::accumulate(values.begin(), values.end(), 0.0) / count;
  double squares = 0;
  for (const double value : values) squares += (value - mean) * (value - mean);
  return std::sqrt(squares / (count - 1));
}

}  // namespace ub::stats
