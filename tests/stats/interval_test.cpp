#include "uringbench/stats/interval.hpp"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <vector>

#include "stats/series.hpp"
#include "stats/simulated.hpp"

namespace ub::stats {
namespace {

constexpr std::array kTen{10.2, 9.8, 10.1, 10.6, 9.9, 10.0, 10.4, 9.7, 10.3, 12.5};

void expect_interval(const std::optional<Interval>& interval, const Interval& expected) {
  ASSERT_TRUE(interval.has_value());
  EXPECT_NEAR(interval->low, expected.low, 1e-12);
  EXPECT_NEAR(interval->value, expected.value, 1e-12);
  EXPECT_NEAR(interval->high, expected.high, 1e-12);
  EXPECT_NEAR(interval->level, expected.level, 1e-12);
}

// Literals: the formulas of Hettmansperger and Sheather in Python 3.11 with exact binomials
// (fractions.Fraction, math.comb).
TEST(MedianIntervalTest, AgreesWithExactArithmetic) {
  expect_interval(median_interval(kTen), {9.865765765765765, 10.15, 10.468468468468469, 0.95});
  expect_interval(median_interval(kTen, 0.90),
                  {9.897101449275363, 10.15, 10.405797101449275, 0.90});
  const std::span<const double> seven = std::span(kTen).first(7);
  expect_interval(median_interval(seven), {9.873333333333335, 10.1, 10.453333333333333, 0.95});
}

TEST(MedianIntervalTest, LongerSeriesAgreeToo) {
  const std::vector<double> values = series(21, [](int i) { return ((i * 37) % 101) / 10.0; });
  expect_interval(median_interval(values), {2.771457185778668, 4.7, 6.928542814221332, 0.95});
  expect_interval(median_interval(values, 0.99),
                  {2.1052129850849575, 4.7, 7.594787014915042, 0.99});
}

TEST(MedianIntervalTest, FewValuesCarryTheLevelTheyCanHave) {
  const std::span<const double> all = kTen;
  expect_interval(median_interval(all.first(5)), {9.8, 10.1, 10.6, 0.9375});
  expect_interval(median_interval(all.first(3)), {9.8, 10.1, 10.2, 0.75});
  expect_interval(median_interval(all.first(2)), {9.8, 10.0, 10.2, 0.5});
  EXPECT_FALSE(median_interval(all.first(1)).has_value());
  EXPECT_FALSE(median_interval({}).has_value());
}

TEST(MedianIntervalTest, ManyValuesNarrowTheInterval) {
  std::vector<double> values(5000);
  for (std::size_t i = 0; i < values.size(); ++i) values[i] = static_cast<double>(i);
  const Interval interval = median_interval(values).value();
  // Half width z * sqrt(n) / 2 in ranks: 1.96 * 35.4 = 69.3.
  EXPECT_NEAR(interval.high - interval.value, 69.3, 1.5);
  EXPECT_NEAR(interval.value - interval.low, 69.3, 1.5);
}

TEST(PairedRatioTest, AgreesWithExactArithmetic) {
  const std::vector<double> a{2.2, 4.1, 3.3, 5.2, 8.0, 6.1};
  const std::vector<double> b{2.0, 4.0, 3.0, 5.0, 4.0, 6.0};
  expect_interval(paired_ratio(a, b),
                  {1.0196350508989915, 1.069579356569675, 1.61548297227055, 0.95});
}

TEST(PairedRatioTest, DriftCommonToABlockCancels) {
  const std::vector<double> a{11, 22, 44, 88, 176, 352};
  const std::vector<double> b{10, 20, 40, 80, 160, 320};
  expect_interval(paired_ratio(a, b), {1.1, 1.1, 1.1, 0.95});
}

TEST(PairedRatioTest, SwappingTheSidesInvertsTheRatio) {
  const std::vector<double> a{2.2, 4.1, 3.3, 5.2, 8.0, 6.1, 3.0};
  const std::vector<double> b{2.0, 4.2, 3.0, 5.0, 4.0, 6.0, 3.1};
  const Interval ratio = paired_ratio(a, b).value();
  expect_interval(paired_ratio(b, a), {1 / ratio.high, 1 / ratio.value, 1 / ratio.low, 0.95});
}

TEST(PairedRatioTest, ThereIsNoRatioToNothing) {
  EXPECT_FALSE(paired_ratio(std::vector<double>{1, 2}, std::vector<double>{1, 0}).has_value());
  EXPECT_FALSE(paired_ratio(std::vector<double>{-1, 2}, std::vector<double>{1, 1}).has_value());
  EXPECT_FALSE(paired_ratio(std::vector<double>{1}, std::vector<double>{1}).has_value());
}

TEST(PairedRatioDeathTest, BlocksWithOneSideAreABug) {
  EXPECT_DEATH(paired_ratio(std::vector<double>{1, 2}, std::vector<double>{1}), "a block");
}

/// Share of 4,000 simulated studies whose interval holds the true ratio. Its standard error is 0.35
/// %.
double coverage(std::size_t blocks, double level) {
  constexpr int kTrials = 4000;
  constexpr double kTrueRatio = 1.2;
  Simulated simulated(20 + blocks);
  int covered = 0;
  for (int trial = 0; trial < kTrials; ++trial) {
    std::vector<double> a = simulated.rates(blocks, 10 * kTrueRatio, 0.05);
    const std::vector<double> b = simulated.rates(blocks, 10, 0.05);
    const Interval ratio = paired_ratio(a, b, level).value();
    if (ratio.low <= kTrueRatio && kTrueRatio <= ratio.high) ++covered;
  }
  return static_cast<double>(covered) / kTrials;
}

TEST(PairedRatioTest, TheIntervalCoversAsOftenAsItSays) {
  for (const std::size_t blocks : {5U, 6U, 7U, 8U, 10U, 15U, 20U}) {
    const double nominal = blocks == 5 ? 0.9375 : 0.95;
    const double share = coverage(blocks, 0.95);
    EXPECT_NEAR(share, nominal, 0.015) << blocks << " blocks";
    RecordProperty(fmt::format("n_{}", blocks), fmt::format("{:.3f}", share));
  }
  EXPECT_NEAR(coverage(3, 0.95), 0.75, 0.03);
  EXPECT_NEAR(coverage(10, 0.80), 0.80, 0.03);
}

}  // namespace
}  // namespace ub::stats
