#include "uringbench/stats/quantile.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <vector>

#include "series.hpp"
#include "uringbench/base/check.hpp"

namespace ub::stats {

std::vector<double> sorted(std::span<const double> values) {
  std::vector<double> ascending(values.begin(), values.end());
  for (const double value : ascending) check(std::isfinite(value), "statistics take finite values");
  std::sort(ascending.begin(), ascending.end());
  return ascending;
}

double quantile_of_sorted(std::span<const double> ascending, double q) {
  check(!ascending.empty() && q >= 0 && q <= 1, "a quantile needs values and a q from 0 to 1");
  const double position = q * static_cast<double>(ascending.size() - 1);
  const auto below = static_cast<std::size_t>(position);
  const std::size_t above = std::min(below + 1, ascending.size() - 1);
  return std::lerp(ascending[below], ascending[above], position - static_cast<double>(below));
}

double median_in_place(std::span<double> values) {
  check(!values.empty(), "a median needs values");
  const auto middle = values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2);
  std::nth_element(values.begin(), middle, values.end());
  if (values.size() % 2 == 1) return *middle;
  return std::midpoint(*std::max_element(values.begin(), middle), *middle);
}

std::optional<double> median(std::span<const double> values) {
  return quantile(values, 0.5);
}

std::optional<double> quantile(std::span<const double> values, double q) {
  if (values.empty()) return std::nullopt;
  return quantile_of_sorted(sorted(values), q);
}

std::optional<double> median_absolute_deviation(std::span<const double> values) {
  const std::optional<double> centre = median(values);
  if (!centre) return std::nullopt;
  std::vector<double> distances;
  distances.reserve(values.size());
  for (const double value : values) distances.push_back(std::fabs(value - *centre));
  return median_in_place(distances);
}

std::optional<Extremes> extremes(std::span<const double> values) {
  if (values.empty()) return std::nullopt;
  const std::vector<double> ascending = sorted(values);
  return Extremes{ascending.front(), ascending.back()};
}

std::optional<double> coefficient_of_variation(std::span<const double> values) {
  if (values.size() < 2) return std::nullopt;
  const auto count = static_cast<double>(values.size());
  const double mean = std::accumulate(values.begin(), values.end(), 0.0) / count;
  if (mean == 0) return std::nullopt;
  double squares = 0;
  for (const double value : values) squares += (value - mean) * (value - mean);
  return std::sqrt(squares / (count - 1)) / mean;
}

}  // namespace ub::stats
