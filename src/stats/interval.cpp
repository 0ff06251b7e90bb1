#include "uringbench/stats/interval.hpp"

#include <cmath>

#include "series.hpp"
#include "uringbench/base/check.hpp"

namespace ub::stats {
namespace {

/// P(exactly k of n fair coins), in logarithms: 2^-n alone would vanish above n = 1074.
double coin_probability(std::size_t n, std::size_t k) {
  const auto whole = static_cast<double>(n);
  const auto part = static_cast<double>(k);
  return std::exp(std::lgamma(whole + 1) - std::lgamma(part + 1) - std::lgamma(whole - part + 1) -
                  whole * std::log(2.0));
}

/// The interval from the k-th smallest to the k-th largest of n values covers the median with
/// `level`.
struct Depth {
  std::size_t k = 1;
  double level = 0;
  double next_level = 0;  ///< of depth k + 1: below the level asked for
};

/// The deepest interval that still has `level`; depth 1 when none has.
Depth deepest(std::size_t n, double level) {
  double tail = coin_probability(n, 0);
  Depth depth{1, 1 - 2 * tail, 0};
  while (true) {
    tail += coin_probability(n, depth.k);
    depth.next_level = 1 - 2 * tail;
    if (depth.next_level < level) return depth;
    depth = {depth.k + 1, depth.next_level, 0};
  }
}

}  // namespace

std::optional<std::vector<double>> log_ratios(std::span<const double> a,
                                              std::span<const double> b) {
  check(a.size() == b.size(), "paired values have one value of each side a block");
  std::vector<double> result;
  result.reserve(a.size());
  for (std::size_t block = 0; block < a.size(); ++block) {
    if (!(a[block] > 0) || !(b[block] > 0)) return std::nullopt;
    result.push_back(std::log(a[block] / b[block]));
  }
  return result;
}

std::optional<Interval> median_interval(std::span<const double> values, double level) {
  check(level >= 0.5 && level < 1, "a confidence level lies between 0.5 and 1");
  const std::size_t n = values.size();
  if (n < 2) return std::nullopt;
  const std::vector<double> ascending = sorted(values);
  const double middle = quantile_of_sorted(ascending, 0.5);
  const Depth depth = deepest(n, level);
  if (depth.level < level)
    return Interval{ascending.front(), middle, ascending.back(), depth.level};
  const double share = (depth.level - level) / (depth.level - depth.next_level);
  const auto k = static_cast<double>(depth.k);
  const auto count = static_cast<double>(n);
  const double inward = (count - k) * share / (k + (count - 2 * k) * share);
  const double low = std::lerp(ascending[depth.k - 1], ascending[depth.k], inward);
  const double high = std::lerp(ascending[n - depth.k], ascending[n - depth.k - 1], inward);
  return Interval{low, middle, high, level};
}

std::optional<Interval> paired_ratio(std::span<const double> a, std::span<const double> b,
                                     double level) {
  const std::optional<std::vector<double>> logs = log_ratios(a, b);
  if (!logs) return std::nullopt;
  const std::optional<Interval> log_interval = median_interval(*logs, level);
  if (!log_interval) return std::nullopt;
  return Interval{std::exp(log_interval->low), std::exp(log_interval->value),
                  std::exp(log_interval->high), log_interval->level};
}

}  // namespace ub::stats
