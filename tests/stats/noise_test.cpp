#include "uringbench/stats/noise.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <vector>

#include "stats/series.hpp"
#include "stats/simulated.hpp"
#include "uringbench/stats/interval.hpp"

namespace ub::stats {
namespace {

TEST(NoiseFloorTest, NineteenPairsGiveTheLargestWith95Percent) {
  const std::vector<double> log_ratios =
      series(19, [](int i) { return 0.01 * (((i * 7) % 19) - 9.5); });
  const NoiseFloor floor = noise_floor(log_ratios).value();
  EXPECT_NEAR(floor.one_block, std::expm1(0.095), 1e-12);
  EXPECT_NEAR(floor.level, 0.95, 1e-12);
  EXPECT_EQ(floor.pairs, 19U);
}

TEST(NoiseFloorTest, MorePairsLeaveTheStrayOnesOut) {
  std::vector<double> log_ratios =
      series(39, [](int i) { return i % 2 == 0 ? 0.01 * (i + 1) : -0.01 * (i + 1); });
  log_ratios[38] = 3.0;
  // k = ceil(0.95 * 40) = 38 of 39.
  EXPECT_NEAR(noise_floor(log_ratios).value().one_block, std::expm1(0.38), 1e-12);
}

TEST(NoiseFloorTest, FewPairsCarryTheLevelTheyCanHave) {
  const NoiseFloor floor = noise_floor(std::vector<double>{0.01, -0.02, 0.03, 0.04, -0.05}).value();
  EXPECT_NEAR(floor.one_block, std::expm1(0.05), 1e-12);
  EXPECT_NEAR(floor.level, 5.0 / 6, 1e-12);
  EXPECT_FALSE(noise_floor(std::vector<double>{0.01, -0.02, 0.03, 0.04}).has_value());
}

// Literal: all 10^3 signed draws enumerated in Python 3.11: |median| <= 0.03 in 79 %, <= 0.04 in 94
// %.
TEST(NoiseFloorTest, TheFloorOfAMedianAgreesWithEnumeration) {
  const NoiseOptions options{.blocks = 3, .level = 0.7};
  const std::vector<double> log_ratios{0.01, 0.02, 0.03, 0.04, 0.05};
  EXPECT_NEAR(noise_floor(log_ratios, options).value().of_median, std::expm1(0.03), 1e-12);
}

TEST(NoiseFloorTest, TheSignOfAnArmDoesNotMatter) {
  const std::vector<double> rising{0.01, 0.02, 0.03, 0.04, 0.05, 0.06};
  const std::vector<double> mixed{-0.01, 0.02, -0.03, 0.04, -0.05, 0.06};
  EXPECT_EQ(noise_floor(rising).value().one_block, noise_floor(mixed).value().one_block);
}

/// Shares of 500 simulated A/A studies after which one more comparison stays below the floor.
struct Below {
  double one_block = 0;
  double median = 0;
};

Below simulate(std::size_t pairs, std::size_t blocks) {
  constexpr int kTrials = 500;
  Simulated simulated(5);
  const auto ratio = [&simulated](std::size_t count) {
    const std::vector<double> a = simulated.rates(count, 30, 0.06);
    return log_ratios(a, simulated.rates(count, 30, 0.06)).value();
  };
  Below below;
  for (int trial = 0; trial < kTrials; ++trial) {
    const NoiseOptions options{.blocks = blocks, .resamples = 300, .seed = simulated.seed()};
    const NoiseFloor floor = noise_floor(ratio(pairs), options).value();
    const double one = std::fabs(ratio(1).front());
    const double median = std::fabs(median_interval(ratio(blocks)).value().value);
    below.one_block += (one <= std::log1p(floor.one_block)) * (1.0 / kTrials);
    below.median += (median <= std::log1p(floor.of_median)) * (1.0 / kTrials);
  }
  return below;
}

TEST(NoiseFloorTest, TheNextComparisonStaysBelowItAsOftenAsItSays) {
  const Below below = simulate(40, 8);
  EXPECT_NEAR(below.one_block, 0.95, 0.03);
  EXPECT_NEAR(below.median, 0.95, 0.04);
  EXPECT_NEAR(simulate(9, 8).one_block, 0.90, 0.04);
}

}  // namespace
}  // namespace ub::stats
