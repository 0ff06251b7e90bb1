#include "uringbench/stats/compare.hpp"

#include <algorithm>
#include <cmath>

#include "spread.hpp"
#include "uringbench/base/check.hpp"
#include "uringbench/stats/bootstrap.hpp"
#include "uringbench/stats/permutation.hpp"
#include "uringbench/stats/power.hpp"

namespace ub::stats {
namespace {

/// Two one-sided tests at 5 % are the question whether the 90 % interval lies inside the margin.
constexpr double kEquivalenceLevel = 0.90;

/// A comparison with what only its verdict needs.
struct Weighed {
  Comparison result;
  std::optional<Interval> inner;  ///< of the ratio, at kEquivalenceLevel
  double sigma = 0;               ///< of one block's log ratio
  std::size_t blocks = 0;
};

std::optional<std::vector<double>> logs(std::span<const double> values) {
  const std::vector<double> ones(values.size(), 1.0);
  return log_ratios(values, ones);
}

void measure_paired(Weighed& item, const Arms& arms, const CompareOptions& options) {
  const std::optional<std::vector<double>> ratios = log_ratios(arms.a, arms.b);
  if (!ratios) return;
  item.result.ratio = paired_ratio(arms.a, arms.b, options.level);
  item.inner = paired_ratio(arms.a, arms.b, kEquivalenceLevel);
  item.result.p_value = sign_flip_test(*ratios, {.seed = options.seed});
  item.sigma = robust_sigma(*ratios);
}

void measure_independent(Weighed& item, const Arms& arms, const CompareOptions& options) {
  const std::optional<std::vector<double>> a = logs(arms.a);
  const std::optional<std::vector<double>> b = logs(arms.b);
  if (!a || !b) return;
  BootstrapOptions bootstrap{.level = options.level, .seed = options.seed};
  item.result.ratio = ratio_of_medians(arms.a, arms.b, bootstrap);
  bootstrap.level = kEquivalenceLevel;
  item.inner = ratio_of_medians(arms.a, arms.b, bootstrap);
  item.result.p_value = label_test(*a, *b, {.seed = options.seed});
  item.sigma = std::hypot(robust_sigma(*a), robust_sigma(*b));
}

Weighed measure(const Arms& arms, const CompareOptions& options) {
  Weighed item;
  item.blocks = std::min(arms.a.size(), arms.b.size());
  item.result.threshold = std::max(options.min_effect, arms.noise_floor);
  if (options.design == Design::paired) {
    measure_paired(item, arms, options);
  } else {
    measure_independent(item, arms, options);
  }
  return item;
}

/// Fills p_adjusted and returns the number of tests.
std::size_t adjust(std::span<Weighed> items) {
  std::vector<double> p_values;
  for (const Weighed& item : items) {
    if (item.result.p_value) p_values.push_back(*item.result.p_value);
  }
  const std::vector<double> adjusted = adjust_false_discovery(p_values);
  auto next = adjusted.begin();
  for (Weighed& item : items) {
    if (item.result.p_value) item.result.p_adjusted = *next++;
  }
  return p_values.size();
}

bool is_small(double ratio, double threshold) {
  return std::fabs(std::log(ratio)) < std::log1p(threshold);
}

Verdict decide(const Weighed& item, const CompareOptions& options) {
  const Comparison& result = item.result;
  if (!result.ratio || !result.p_adjusted || !item.inner) return Verdict::undecided;
  const Interval& ratio = *result.ratio;
  const bool small = is_small(ratio.value, result.threshold);
  const bool excludes_one = ratio.low > 1 || ratio.high < 1;
  if (*result.p_adjusted <= options.false_discovery_rate && excludes_one) {
    if (small) return Verdict::same;
    const bool better = (ratio.value > 1) == (options.better == Better::higher);
    return better ? Verdict::faster : Verdict::slower;
  }
  const bool inside =
      is_small(item.inner->low, result.threshold) && is_small(item.inner->high, result.threshold);
  const bool confident = item.inner->level >= kEquivalenceLevel;
  return inside && confident ? Verdict::same : Verdict::undecided;
}

/// The blocks with which even the only real difference among so many tests can be significant:
/// tests * smallest_sign_flip_p(blocks) <= rate.
double fewest_to_be_significant(std::size_t tests, const CompareOptions& options) {
  if (options.design == Design::independent) return kFewestToResample;
  return std::ceil(1 + std::log2(static_cast<double>(tests) / options.false_discovery_rate));
}

std::optional<std::uint64_t> still_needed(const Weighed& item, double fewest) {
  const Comparison& result = item.result;
  if (result.verdict != Verdict::undecided || !result.p_value) return std::nullopt;
  const double value = result.ratio ? std::log(result.ratio->value) : 0;
  const double effect = std::max(std::fabs(value), std::log1p(result.threshold));
  const auto more = more_blocks_needed({item.sigma, effect}, item.blocks);
  if (!more) return std::nullopt;
  const double missing = fewest - static_cast<double>(item.blocks);
  return std::max(*more, static_cast<std::uint64_t>(std::max(0.0, missing)));
}

}  // namespace

std::string_view to_text(Verdict verdict) {
  switch (verdict) {
    case Verdict::faster:
      return "faster";
    case Verdict::slower:
      return "slower";
    case Verdict::same:
      return "same";
    case Verdict::undecided:
      return "undecided";
  }
  return "undecided";
}

std::vector<Comparison> compare(std::span<const Arms> arms, const CompareOptions& options) {
  std::vector<Weighed> items;
  for (const Arms& pair : arms) items.push_back(measure(pair, options));
  const double fewest = fewest_to_be_significant(adjust(items), options);
  std::vector<Comparison> results;
  for (Weighed& item : items) {
    item.result.verdict = decide(item, options);
    item.result.more_blocks = still_needed(item, fewest);
    results.push_back(item.result);
  }
  return results;
}

}  // namespace ub::stats
