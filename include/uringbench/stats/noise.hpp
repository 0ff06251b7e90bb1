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

/// The noise of one block, and the effect to tell from it: both as logarithms of a ratio.
struct Question {
  double sigma = 0;   ///< standard deviation of one block's log ratio
  double effect = 0;  ///< above 0
};

/// About how many blocks tell `effect` from nothing at 95 % confidence in four studies of five:
/// (1.96 + 0.84)^2 pi/2 (sigma / effect)^2, at least 6 (what a sign-flip test needs). pi/2: the
/// median of normal noise needs that many times the data of a mean. nullopt above kMostBlocks,
/// where the answer is no.
std::optional<std::uint64_t> blocks_needed(const Question& question);

/// What is still to do after `have` blocks left the question open. At least half of what there is:
/// fewer seldom change an answer, whatever the estimate says.
std::optional<std::uint64_t> more_blocks_needed(const Question& question, std::uint64_t have);

inline constexpr std::uint64_t kMostBlocks = 10'000;

}  // namespace ub::stats
