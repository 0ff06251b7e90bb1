#include "uringbench/stats/power.hpp"

#include <algorithm>
#include <cmath>
#include <numbers>

#include "uringbench/base/check.hpp"

namespace ub::stats {
namespace {

constexpr double kConfidence = 1.9599639845400545;  // normal quantile of 0.975
constexpr double kPower = 0.8416212335729143;       // of 0.8
constexpr double kFewestBlocks = 6;

}  // namespace

std::optional<std::uint64_t> blocks_needed(const Question& question) {
  check(question.sigma >= 0 && question.effect >= 0, "noise and effect are magnitudes");
  const double distance = (kConfidence + kPower) * question.sigma / question.effect;
  const double blocks = std::ceil(distance * distance * std::numbers::pi / 2);
  if (!(blocks <= static_cast<double>(kMostBlocks))) return std::nullopt;
  return static_cast<std::uint64_t>(std::max(blocks, kFewestBlocks));
}

std::optional<std::uint64_t> more_blocks_needed(const Question& question, std::uint64_t have) {
  const std::optional<std::uint64_t> all = blocks_needed(question);
  if (!all) return std::nullopt;
  const std::uint64_t least = std::max<std::uint64_t>(1, (have + 1) / 2);
  return std::max(least, *all > have ? *all - have : 0);
}

}  // namespace ub::stats
