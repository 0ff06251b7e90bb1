#pragma once

#include <cstdint>
#include <optional>

namespace ub::stats {

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
