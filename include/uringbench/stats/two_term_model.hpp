#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

namespace ub::stats {

/// What a message of one size costs, in any unit: the median over repetitions.
struct SizeCost {
  std::uint64_t size_bytes = 0;
  double cost = 0;  ///< above 0
};

/// By how much a measured cost differs from the model, as a share of the measured cost: 0.1 is "10
/// % more than the model says".
struct Residual {
  std::uint64_t size_bytes = 0;
  double relative = 0;
};

/// cost(size) = fixed + per_byte * size: what a message costs whatever its size, and what each byte
/// adds.
struct TwoTermModel {
  double fixed = 0;
  double per_byte = 0;
  std::vector<Residual> residuals;  ///< in the order given
  Residual worst;  ///< the largest; the first thing to look at: caches, segmentation
};

/// The line of least squares of the relative error, so that small messages count as much as large
/// ones, made robust: from the line of least absolute relative error, reweighted with Tukey's
/// bisquare (Huber and Ronchetti, Robust Statistics, 2009, ch. 7), so that one odd size shows as a
/// residual and does not tilt the line. Two sizes give an exact line: residuals mean something from
/// four sizes on. nullopt for fewer than two different sizes, or a cost not above 0. A negative
/// term is possible, and says that the model does not hold.
std::optional<TwoTermModel> fit_two_terms(std::span<const SizeCost> costs);

/// The size at which two models cost the same: (b.fixed - a.fixed) / (a.per_byte - b.per_byte).
/// nullopt when they do not meet at a size above 0.
std::optional<double> predicted_crossover(const TwoTermModel& a, const TwoTermModel& b);

}  // namespace ub::stats
