#include "uringbench/stats/drift.hpp"

#include <algorithm>
#include <cmath>
#include <numbers>
#include <vector>

#include "series.hpp"
#include "uringbench/base/check.hpp"

namespace ub::stats {
namespace {

constexpr double kConfidence = 1.9599639845400545;  // normal quantile of 0.975

/// Slopes a step between all pairs of values, ascending.
std::vector<double> pairwise_slopes(std::span<const double> values) {
  std::vector<double> slopes;
  for (std::size_t last = 1; last < values.size(); ++last) {
    for (std::size_t first = 0; first < last; ++first) {
      slopes.push_back((values[last] - values[first]) / static_cast<double>(last - first));
    }
  }
  return sorted(slopes);
}

/// Kendall's S: rising pairs less falling pairs.
double kendall_sum(std::span<const double> slopes) {
  double sum = 0;
  for (const double slope : slopes) sum += slope > 0 ? 1 : slope < 0 ? -1 : 0;
  return sum;
}

/// Standard deviation of S without a trend, corrected for equal values (Kendall, 1970).
double kendall_sigma(std::span<const double> values) {
  const auto term = [](double n) { return n * (n - 1) * (2 * n + 5); };
  const std::vector<double> ascending = sorted(values);
  double variance = term(static_cast<double>(ascending.size()));
  for (auto first = ascending.begin(); first != ascending.end();) {
    const auto last = std::upper_bound(first, ascending.end(), *first);
    variance -= term(static_cast<double>(last - first));
    first = last;
  }
  return std::sqrt(variance / 18);
}

/// Two-sided, with the correction for S taking only every other whole number.
double kendall_p(double sum, double sigma) {
  if (sum == 0 || sigma == 0) return 1;
  return std::erfc((std::fabs(sum) - 1) / sigma / std::numbers::sqrt2);
}

/// The slope at a rank counted from 1, which may lie between two or beyond the ends.
double at_rank(std::span<const double> slopes, double rank) {
  const double last = static_cast<double>(slopes.size() - 1);
  return quantile_of_sorted(slopes, std::clamp((rank - 1) / last, 0.0, 1.0));
}

Trend judge(const Drift& found, double threshold) {
  const double margin = std::log1p(threshold);
  const double low = std::log(found.ratio.low);
  const double high = std::log(found.ratio.high);
  const bool far = std::fabs(std::log(found.ratio.value)) >= margin;
  if (far && found.p_value <= 0.05) return Trend::drifting;
  return low > -margin && high < margin ? Trend::steady : Trend::undecided;
}

}  // namespace

std::optional<Drift> drift(std::span<const double> sentinels, double threshold) {
  check(threshold > 0, "a drift threshold is above 0");
  if (sentinels.size() < kFewestSentinels) return std::nullopt;
  const std::vector<double> ones(sentinels.size(), 1.0);
  const std::optional<std::vector<double>> logs = log_ratios(sentinels, ones);
  if (!logs) return std::nullopt;
  const std::vector<double> slopes = pairwise_slopes(*logs);
  const double sigma = kendall_sigma(*logs);
  const auto pairs = static_cast<double>(slopes.size());
  const double reach = kConfidence * sigma;
  const auto steps = static_cast<double>(sentinels.size() - 1);
  Drift result;
  result.ratio = {.low = std::exp(steps * at_rank(slopes, (pairs - reach) / 2)),
                  .value = std::exp(steps * quantile_of_sorted(slopes, 0.5)),
                  .high = std::exp(steps * at_rank(slopes, (pairs + reach) / 2 + 1)),
                  .level = 0.95};
  result.p_value = kendall_p(kendall_sum(slopes), sigma);
  result.trend = judge(result, threshold);
  return result;
}

}  // namespace ub::stats
