#include "uringbench/stats/bootstrap.hpp"

#include <algorithm>
#include <vector>

#include "sorted.hpp"
#include "uringbench/base/check.hpp"
#include "uringbench/stats/random.hpp"

namespace ub::stats {
namespace {

bool all_positive(std::span<const double> values) {
  return std::all_of(values.begin(), values.end(), [](double value) { return value > 0; });
}

/// The median of as many values as there are, drawn with replacement into `drawn`.
double resampled_median(std::span<const double> values, std::vector<double>& drawn,
                        Random& random) {
  drawn.resize(values.size());
  for (double& value : drawn) value = values[random.below(values.size())];
  return median_in_place(drawn);
}

}  // namespace

std::optional<Interval> ratio_of_medians(std::span<const double> a, std::span<const double> b,
                                         const BootstrapOptions& options) {
  check(options.level >= 0.5 && options.level < 1, "a confidence level lies between 0.5 and 1");
  check(options.resamples >= 100, "a bootstrap needs at least 100 resamples");
  if (std::min(a.size(), b.size()) < kFewestToResample) return std::nullopt;
  if (!all_positive(a) || !all_positive(b)) return std::nullopt;
  Random random(options.seed);
  std::vector<double> drawn;
  std::vector<double> ratios(options.resamples);
  for (double& ratio : ratios) {
    const double numerator = resampled_median(a, drawn, random);
    ratio = numerator / resampled_median(b, drawn, random);
  }
  const std::vector<double> ascending = sorted(ratios);
  const double value = quantile_of_sorted(sorted(a), 0.5) / quantile_of_sorted(sorted(b), 0.5);
  const double tail = (1 - options.level) / 2;
  return Interval{std::min(value, quantile_of_sorted(ascending, tail)), value,
                  std::max(value, quantile_of_sorted(ascending, 1 - tail)), options.level};
}

}  // namespace ub::stats
