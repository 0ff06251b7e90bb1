#pragma once

#include <optional>
#include <span>
#include <vector>

#include "uringbench/stats/interval.hpp"

namespace ub::stats {

/// Log ratios of one comparison, one per block; at least one.
using LogRatios = std::vector<double>;

/// What is known of the variance within a comparison before its own blocks are looked at: as if
/// `degrees` further values had shown `variance`. 0 degrees: nothing is known.
struct VariancePrior {
  double variance = 0;
  double degrees = 0;
};

/// More would let quiet comparisons vouch for a noisy one: in simulation the share of A/A studies
/// with a false claim is 2.3 % at most with 4, 3.0 % with 8, and 6.3 % without a bound
/// (docs/statistics.md).
inline constexpr double kMostPriorDegrees = 4;

/// From the variances of all comparisons of a study by empirical Bayes (Smyth, Statistical
/// Applications in Genetics and Molecular Biology 3, 2004, section 6.2), with at most
/// kMostPriorDegrees. Nothing is known from fewer than three comparisons of two blocks each.
VariancePrior variance_prior(std::span<const LogRatios> comparisons);

/// A mean log ratio, of five blocks or more without the outermost fifth at each end. Its variance
/// is moderated: shrunk towards the prior, but never below its own. With three blocks a
/// comparison's own variance says little; that of all others says what this machine's noise is.
class ModeratedMean {
 public:
  /// Nullopt for fewer than two values.
  static std::optional<ModeratedMean> of(const LogRatios& values, const VariancePrior& prior);

  /// The mean log of `a` less that of `b`, which share no blocks, each trimmed in the same way,
  /// with Welch's degrees of freedom (Biometrika 34, 1947). Nullopt for fewer than two values on a
  /// side.
  static std::optional<ModeratedMean> difference(const std::vector<double>& a,
                                                 const std::vector<double>& b);

  /// The standard deviation of one block's log ratio.
  [[nodiscard]] double sigma() const;
  /// The interval of the ratio itself: exp of the mean (the geometric mean of the blocks' ratios)
  /// and of the bounds of Student's t interval.
  [[nodiscard]] Interval ratio(double level) const;
  /// The p-value of the hypothesis that the true ratio lies within 1 / (1 + margin) .. 1 + margin
  /// (McCarthy and Smyth, Bioinformatics 25, 2009: TREAT).
  [[nodiscard]] double p_within(double margin) const;

 private:
  double mean_ = 0;
  double variance_ = 0;  ///< of one block
  double degrees_ = 0;
  double blocks_ = 0;
};

}  // namespace ub::stats
