#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "uringbench/stats/crossover.hpp"
#include "uringbench/stats/interval.hpp"

namespace ub::stats {

/// log(a / b) of every block as a function of log(size): straight lines between the measured sizes.
/// Points without a ratio are left out.
class CostCurve {
 public:
  explicit CostCurve(std::span<const CostPoint> points);

  /// The size at which the costs are equal, between two measured sizes with medians of opposite
  /// sign. Of several zeros of the median the middle one; the interval is the hull of all sizes
  /// whose interval at `level` holds 0.
  [[nodiscard]] Interval zero_between(std::uint64_t below_bytes, std::uint64_t above_bytes,
                                      double level) const;

 private:
  [[nodiscard]] Interval at(double x, double level) const;
  [[nodiscard]] std::vector<double> grid(double first, double last) const;

  std::vector<double> xs_;                   ///< log(size), ascending
  std::vector<std::vector<double>> ratios_;  ///< by size, then block
  std::size_t blocks_ = 0;                   ///< what every size has
};

}  // namespace ub::stats
