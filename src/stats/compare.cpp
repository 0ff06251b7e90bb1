#include "uringbench/stats/compare.hpp"

#include <algorithm>
#include <cmath>

#include "uringbench/base/check.hpp"
#include "uringbench/stats/moderated.hpp"
#include "uringbench/stats/noise.hpp"
#include "uringbench/stats/permutation.hpp"

namespace ub::stats {
namespace {

/// Two one-sided tests at 5 % are the question whether the 90 % interval lies inside the margin.
constexpr double kEquivalenceLevel = 0.90;

/// A sign-flip test of fewer blocks cannot reach 5 % with a margin for outliers.
constexpr std::size_t kBlocksForCrossCheck = 8;

/// A comparison with what only its verdict needs.
struct Weighed {
  Comparison result;
  std::optional<Interval> inner;  ///< of the ratio, at kEquivalenceLevel
  LogRatios cross_check;          ///< for a test without assumptions, where there are enough
  double sigma = 0;               ///< of one block's log ratio
  std::size_t blocks = 0;
};

std::optional<std::vector<double>> logs(std::span<const double> values) {
  const std::vector<double> ones(values.size(), 1.0);
  return log_ratios(values, ones);
}

void measure(Weighed& item, const std::optional<ModeratedMean>& mean,
             const CompareOptions& options) {
  if (!mean) return;
  item.result.ratio = mean->ratio(options.level);
  item.inner = mean->ratio(kEquivalenceLevel);
  item.result.p_value = mean->p_within(options.min_effect);
  item.sigma = mean->sigma();
}

void measure_paired(Weighed& item, const LogRatios& ratios, const VariancePrior& prior,
                    const CompareOptions& options) {
  measure(item, ModeratedMean::of(ratios, prior), options);
  if (ratios.size() >= kBlocksForCrossCheck) item.cross_check = ratios;
}

void measure_independent(Weighed& item, const Sides& sides, const CompareOptions& options) {
  const std::optional<std::vector<double>> a = logs(sides.a);
  const std::optional<std::vector<double>> b = logs(sides.b);
  if (a && b) measure(item, ModeratedMean::difference(*a, *b), options);
}

Weighed weighed(const Sides& sides, const CompareOptions& options) {
  Weighed item;
  item.blocks = std::min(sides.a.size(), sides.b.size());
  item.result.threshold = std::max(options.min_effect, sides.noise_floor);
  return item;
}

std::vector<Weighed> measure_all_paired(std::span<const Sides> sides,
                                        const CompareOptions& options) {
  std::vector<LogRatios> ratios;
  for (const Sides& each : sides)
    ratios.push_back(log_ratios(each.a, each.b).value_or(LogRatios{}));
  ratios.emplace_back(options.twins.begin(), options.twins.end());
  const bool vouch_for_each_other = options.design == Design::paired;
  const VariancePrior prior = vouch_for_each_other ? variance_prior(ratios) : VariancePrior{};
  std::vector<Weighed> items;
  for (std::size_t i = 0; i < sides.size(); ++i) {
    measure_paired(items.emplace_back(weighed(sides[i], options)), ratios[i], prior, options);
  }
  return items;
}

std::vector<Weighed> measure_all(std::span<const Sides> sides, const CompareOptions& options) {
  if (options.design != Design::independent) return measure_all_paired(sides, options);
  std::vector<Weighed> items;
  for (const Sides& each : sides) {
    measure_independent(items.emplace_back(weighed(each, options)), each, options);
  }
  return items;
}

/// Fills p_adjusted.
void adjust(std::span<Weighed> items) {
  std::vector<double> p_values;
  for (const Weighed& item : items) {
    if (item.result.p_value) p_values.push_back(*item.result.p_value);
  }
  const std::vector<double> adjusted = adjust_false_discovery(p_values);
  auto next = adjusted.begin();
  for (Weighed& item : items) {
    if (item.result.p_value) item.result.p_adjusted = *next++;
  }
}

bool is_small(double ratio, double threshold) {
  return std::fabs(std::log(ratio)) < std::log1p(threshold);
}

/// What the design asks for beyond the p-value. The test takes ms where there are many blocks, so
/// it is made for those alone whose verdict hangs on it.
bool is_confirmed(const Weighed& item, const CompareOptions& options) {
  const auto p = sign_flip_test(item.cross_check, {.seed = options.seed});
  if (p) return *p <= 1 - options.level;
  const Interval& ratio = *item.result.ratio;
  return ratio.low > 1 || ratio.high < 1;
}

Verdict decide(const Weighed& item, const CompareOptions& options) {
  const Comparison& result = item.result;
  if (!result.ratio || !result.p_adjusted || !item.inner) return Verdict::undecided;
  const bool inside = is_small(item.inner->low, options.min_effect) &&
                      is_small(item.inner->high, options.min_effect);
  const bool confident = item.inner->level >= kEquivalenceLevel;
  if (inside && confident) return Verdict::same;
  const double ratio = result.ratio->value;
  const bool claimed = *result.p_adjusted <= options.false_discovery_rate &&
                       !is_small(ratio, result.threshold) && is_confirmed(item, options);
  if (!claimed) return Verdict::undecided;
  const bool better = (ratio > 1) == (options.better == Better::higher);
  return better ? Verdict::faster : Verdict::slower;
}

/// Blocks without which nothing can be decided.
constexpr double kFewestToDecide = 2;

std::optional<std::uint64_t> still_needed(const Weighed& item) {
  const Comparison& result = item.result;
  if (result.verdict != Verdict::undecided || !result.p_value) return std::nullopt;
  const double value = result.ratio ? std::log(result.ratio->value) : 0;
  const double effect = std::max(std::fabs(value), std::log1p(result.threshold));
  const auto more = more_blocks_needed({item.sigma, effect}, item.blocks);
  if (!more) return std::nullopt;
  const double missing = kFewestToDecide - static_cast<double>(item.blocks);
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

std::vector<Comparison> compare(std::span<const Sides> sides, const CompareOptions& options) {
  std::vector<Weighed> items = measure_all(sides, options);
  adjust(items);
  std::vector<Comparison> results;
  for (Weighed& item : items) {
    item.result.verdict = decide(item, options);
    item.result.more_blocks = still_needed(item);
    results.push_back(item.result);
  }
  return results;
}

}  // namespace ub::stats
