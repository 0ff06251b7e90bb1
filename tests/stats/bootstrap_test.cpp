#include "uringbench/stats/bootstrap.hpp"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <array>
#include <vector>

#include "stats/simulated.hpp"

namespace ub::stats {
namespace {

constexpr std::array kA{10.0, 12.5, 11.0, 14.0, 10.5};
constexpr std::array kB{8.0, 9.0, 7.5, 8.5, 10.0};

// Literals: all 5^5 resamples of each side, enumerated in Python 3.11 (itertools.product); each
// quantile lies well inside a step of that exact distribution, so many random resamples must hit
// the same value.
TEST(RatioOfMediansTest, AgreesWithTheExactBootstrapDistribution) {
  const BootstrapOptions options{.level = 0.95, .resamples = 20'000, .seed = 5};
  const Interval ratio = ratio_of_medians(kA, kB, options).value();
  EXPECT_DOUBLE_EQ(ratio.value, 11.0 / 8.5);
  EXPECT_DOUBLE_EQ(ratio.low, 1.1);
  EXPECT_DOUBLE_EQ(ratio.high, 1.6666666666666667);
  EXPECT_DOUBLE_EQ(ratio.level, 0.95);
}

TEST(RatioOfMediansTest, TheSeedDecidesEverything) {
  const BootstrapOptions first{.level = 0.9, .resamples = 200, .seed = 1};
  EXPECT_EQ(ratio_of_medians(kA, kB, first), ratio_of_medians(kA, kB, first));
}

TEST(RatioOfMediansTest, SidesMayDifferInLength) {
  const std::vector<double> longer{8.0, 9.0, 7.5, 8.5, 10.0, 8.25, 8.75};
  EXPECT_DOUBLE_EQ(ratio_of_medians(kA, longer).value().value, 11.0 / 8.5);
}

TEST(RatioOfMediansTest, EqualValuesLeaveNoDoubt) {
  const std::vector<double> six(5, 6.0);
  const std::vector<double> three(4, 3.0);
  EXPECT_EQ(ratio_of_medians(six, three), (Interval{2, 2, 2, 0.95}));
}

TEST(RatioOfMediansTest, TooFewOrNoPositiveValuesHaveNoInterval) {
  const std::vector<double> three{1, 2, 3};
  EXPECT_FALSE(ratio_of_medians(three, kB).has_value());
  EXPECT_FALSE(ratio_of_medians(kA, three).has_value());
  EXPECT_FALSE(ratio_of_medians(std::vector<double>{1, 2, 3, 0}, kB).has_value());
}

/// Share of 600 simulated pairs of studies whose interval holds the true ratio; standard error 0.9
/// %.
double coverage(std::size_t repetitions) {
  constexpr int kTrials = 600;
  constexpr double kTrueRatio = 0.8;
  Simulated simulated(100 + repetitions);
  int covered = 0;
  for (int trial = 0; trial < kTrials; ++trial) {
    const std::vector<double> a = simulated.rates(repetitions, 40 * kTrueRatio, 0.05);
    const std::vector<double> b = simulated.rates(repetitions, 40, 0.05);
    const BootstrapOptions options{.level = 0.95, .resamples = 400, .seed = simulated.seed()};
    const Interval ratio = ratio_of_medians(a, b, options).value();
    if (ratio.low <= kTrueRatio && kTrueRatio <= ratio.high) ++covered;
  }
  return static_cast<double>(covered) / kTrials;
}

TEST(RatioOfMediansTest, TheIntervalCoversAsOftenAsItSays) {
  for (const std::size_t repetitions : {4U, 5U, 7U, 10U, 20U}) {
    const double share = coverage(repetitions);
    EXPECT_GE(share, 0.92) << repetitions;
    EXPECT_LE(share, 0.99) << repetitions;
    RecordProperty(fmt::format("n_{}", repetitions), fmt::format("{:.3f}", share));
  }
}

}  // namespace
}  // namespace ub::stats
