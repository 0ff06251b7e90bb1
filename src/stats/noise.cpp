#include "uringbench/stats/noise.hpp"

#include <algorithm>
#include <cmath>
#include <numbers>
#include <vector>

#include "series.hpp"
#include "uringbench/base/check.hpp"
#include "uringbench/stats/random.hpp"

namespace ub::stats {
namespace {

double floor_of_median(std::span<const double> log_ratios, const NoiseOptions& options) {
  Random random(options.seed);
  std::vector<double> drawn(options.blocks);
  std::vector<double> medians(options.resamples);
  for (double& result : medians) {
    for (double& value : drawn) {
      value = log_ratios[random.below(log_ratios.size())];
      if (random.below(2) == 0) value = -value;
    }
    result = std::fabs(median_in_place(drawn));
  }
  return quantile_of_sorted(sorted(medians), options.level);
}

}  // namespace

std::optional<NoiseFloor> noise_floor(std::span<const double> log_ratios,
                                      const NoiseOptions& options) {
  check(options.blocks >= 1, "a comparison has at least one block");
  check(options.level > 0 && options.level < 1, "a level lies between 0 and 1");
  const std::size_t pairs = log_ratios.size();
  if (pairs < kFewestPairs) return std::nullopt;
  std::vector<double> magnitudes(log_ratios.begin(), log_ratios.end());
  for (double& value : magnitudes) value = std::fabs(value);
  const std::vector<double> ascending = sorted(magnitudes);
  const auto places = static_cast<double>(pairs + 1);
  constexpr double kRounding = 1e-9;  // 0.95 * 20 is a little above 19
  const auto wanted = static_cast<std::size_t>(std::ceil(options.level * places - kRounding));
  const std::size_t rank = std::min(wanted, pairs);
  return NoiseFloor{.one_block = std::expm1(ascending[rank - 1]),
                    .level = std::min(options.level, static_cast<double>(rank) / places),
                    .of_median = std::expm1(floor_of_median(log_ratios, options)),
                    .blocks = options.blocks,
                    .pairs = pairs};
}

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
