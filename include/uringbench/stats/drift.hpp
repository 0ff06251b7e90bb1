#pragma once

#include <optional>
#include <span>

#include "uringbench/stats/interval.hpp"

namespace ub::stats {

/// `drifting`: the series moved by more than the threshold, and not by chance. `steady`: it can be
/// excluded that it did. `undecided`: neither.
enum class Trend { steady, drifting, undecided };

/// How a sentinel case, measured again and again through a study, changed from its first to its
/// last value.
struct Drift {
  Interval ratio;      ///< last over first, along the robust line; 95 %
  double p_value = 1;  ///< of "no trend", two-sided
  Trend trend = Trend::undecided;
};

/// Slope: the median of the slopes between all pairs of log values, and its interval by their ranks
/// (Theil; Sen, J. Am. Stat. Assoc. 63, 1968): a stray value or two do not move it. Test: Mann and
/// Kendall with the normal approximation, which needs kFewestSentinels values; nullopt for fewer,
/// or a value not above 0. Values are taken as evenly spaced in time. `threshold` is relative: 0.03
/// is 3 % up or down.
std::optional<Drift> drift(std::span<const double> sentinels, double threshold = 0.03);

inline constexpr std::size_t kFewestSentinels = 8;

}  // namespace ub::stats
