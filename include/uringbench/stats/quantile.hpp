#pragma once

#include <optional>
#include <span>

/// Exact figures of a few repetitions; latency of many requests is histogram.hpp. Nothing here
/// assumes a distribution. All return nullopt for no values; values must be finite.
namespace ub::stats {

/// MAD times this estimates the standard deviation of normal data: 1 / inverse_normal_cdf(3/4).
inline constexpr double kMadToSigma = 1.4826022185056018;

struct Extremes {
  double min = 0;
  double max = 0;

  friend bool operator==(const Extremes&, const Extremes&) = default;
};

/// The middle value, or the mean of the two in the middle.
std::optional<double> median(std::span<const double> values);

/// Linear interpolation between order statistics at (n - 1) q: definition 7 of Hyndman and Fan (The
/// American Statistician 50, 1996), the default of R and NumPy. q from 0 to 1.
std::optional<double> quantile(std::span<const double> values, double q);

/// median(|x - median(x)|), not scaled.
std::optional<double> median_absolute_deviation(std::span<const double> values);

std::optional<Extremes> extremes(std::span<const double> values);

/// Standard deviation (n - 1) over mean. nullopt with fewer than two values or a mean of 0.
std::optional<double> coefficient_of_variation(std::span<const double> values);

}  // namespace ub::stats
