#pragma once

#include <optional>
#include <span>
#include <vector>

namespace ub::stats {

/// An estimate and its confidence interval: low <= value <= high. `level` is the confidence that
/// the interval really has, which few repetitions keep below the one asked for. Print it when it is
/// lower.
struct Interval {
  double low = 0;
  double value = 0;
  double high = 0;
  double level = 0;

  friend bool operator==(const Interval&, const Interval&) = default;
};

/// log(a / b) of each pair: ratios are compared by their logarithm, so that twice and half are
/// equally far from 1. nullopt when a value is not above 0. `a` and `b` have one value a block, in
/// the same order.
std::optional<std::vector<double>> log_ratios(std::span<const double> a, std::span<const double> b);

/// Median with the interval between two order statistics, interpolated to `level` (Hettmansperger
/// and Sheather, Statistics & Probability Letters 4, 1986). Deterministic, free of any assumption
/// about the distribution. With n values no level above 1 - 2^(1-n) exists: 5 give 93.75 %, 3 give
/// 75 %; the interval is then [min, max]. nullopt for fewer than two values; level from 0.5 to
/// below 1.
std::optional<Interval> median_interval(std::span<const double> values, double level = 0.95);

/// The median of a / b within blocks, with the interval of median_interval() on the log ratios.
/// Drift that is common to both values of a block cancels. nullopt for fewer than two blocks, and
/// as log_ratios().
std::optional<Interval> paired_ratio(std::span<const double> a, std::span<const double> b,
                                     double level = 0.95);

}  // namespace ub::stats
