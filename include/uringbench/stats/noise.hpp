#pragma once

#include <cstdint>
#include <optional>
#include <span>

namespace ub::stats {

struct NoiseOptions {
  std::size_t blocks = 1;  ///< of the comparisons that the floor will be held against
  double level = 0.95;
  std::uint32_t resamples = 2000;
  std::uint64_t seed = 1;
};

/// How far apart two measurements of the very same thing lie; relative: 0.04 is a ratio of 1.04 or
/// 1/1.04.
struct NoiseFloor {
  double one_block = 0;  ///< the next A/A block stays below this with `level`
  double level = 0;  ///< the one asked for, or k / (k + 1) of k pairs when they are too few for it
  double of_median = 0;  ///< the same for the median ratio of `blocks` blocks
  std::size_t blocks = 1;
  std::size_t pairs = 0;  ///< A/A pairs behind it
};

/// The noise floor from A/A pairs: one case measured twice in each block, log_ratios() of the two.
///   one_block: the k-th smallest |log ratio| of n with k = ceil(level (n + 1)); the next one falls
///   below
///              it with probability k / (n + 1), whatever the distribution (Wilks, 1941). 95 %
///              needs 19.
///   of_median: resampled, each ratio with a random sign, since in A/A the two sides are
///   interchangeable.
/// nullopt for fewer than kFewestPairs.
std::optional<NoiseFloor> noise_floor(std::span<const double> log_ratios,
                                      const NoiseOptions& options = {});

inline constexpr std::size_t kFewestPairs = 5;

}  // namespace ub::stats
