#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "uringbench/stats/compare.hpp"
#include "uringbench/stats/interval.hpp"

namespace ub::stats {

/// What a message of one size costs with a and with b: positive, one value a block, a[i] and b[i]
/// of the same block. Views; they outlive the call.
struct CostPoint {
  std::uint64_t size_bytes = 0;
  std::span<const double> a;
  std::span<const double> b;
  double noise_floor = 0;  ///< as in Sides
};

enum class Side { a, b, neither };

/// One change of the cheaper side.
struct Crossing {
  Interval size_bytes;            ///< where the costs are equal
  std::uint64_t below_bytes = 0;  ///< the nearest measured sizes with a clear winner
  std::uint64_t above_bytes = 0;
  Side cheaper_below = Side::neither;

  friend bool operator==(const Crossing&, const Crossing&) = default;
};

/// `never`: within the measured sizes the cheaper side does not change.
enum class CrossoverOutcome { crossing, several, never, undecided };

struct Crossover {
  CrossoverOutcome outcome = CrossoverOutcome::undecided;
  std::vector<Crossing> crossings;  ///< one for `crossing`, more for `several`, ascending
  Side cheaper =
      Side::neither;  ///< for `never`: cheaper wherever they differ; neither: they never do
  std::optional<std::uint64_t> more_blocks;  ///< for `undecided`: about so many more may decide it
  std::vector<Comparison> sizes;             ///< one a point: faster is "a is cheaper"
};

/// Where the cheaper side changes, over points of ascending size.
/// A crossing lies between two neighbouring sizes with opposite verdicts of compare(); sizes
/// without a winner between them do not count, so noise alone makes no crossing. Its place is where
/// the median log ratio is 0, interpolated on log size within each block; its interval is the sizes
/// at which the interval of that median (median_interval()) holds 0: the test inverted (Fieller,
/// 1954), which keeps the level with as few as six blocks. `undecided`: no crossing is shown, but a
/// size without a verdict may still have another winner. options.better and options.design are set
/// by the function: costs, paired.
Crossover find_crossover(std::span<const CostPoint> points, CompareOptions options = {});

}  // namespace ub::stats
