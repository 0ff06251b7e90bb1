#pragma once

#include <cstddef>
#include <optional>
#include <span>

namespace ub::stats {

/// Values that lie at two levels instead of about one: a machine or a connection that is in either
/// of two states. Their median is the state that happened to be the more frequent one.
struct TwoLevels {
  double low = 0;   ///< geometric mean of the values at the lower level
  double high = 0;  ///< and at the higher
  std::size_t at_high = 0;

  friend bool operator==(const TwoLevels&, const TwoLevels&) = default;
};

inline constexpr std::size_t kFewestForLevels = 8;

/// The cut of the sorted logs that leaves the least variance within the two parts, each of a
/// quarter of the values at least, if the parts hold a larger share of the variance than 999 of
/// 1,000 samples of one normal distribution do (simulated; docs/statistics.md has the table and the
/// power), and lie 10 % apart or more. nullopt else, for fewer than kFewestForLevels values, and
/// for one not above 0.
std::optional<TwoLevels> two_levels(std::span<const double> values);

}  // namespace ub::stats
