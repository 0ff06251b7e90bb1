#include "uringbench/stats/moderated.hpp"

#include <gtest/gtest.h>

#include <cmath>

#include "stats/simulated.hpp"

namespace ub::stats {
namespace {

std::vector<LogRatios> simulated_comparisons(std::uint64_t seed, double noise, std::size_t count) {
  Simulated simulated(seed);
  std::vector<LogRatios> comparisons(count);
  for (LogRatios& each : comparisons) {
    for (int block = 0; block < 3; ++block) each.push_back(noise * simulated.normal());
  }
  return comparisons;
}

TEST(Moderated, OneValueIsNoMean) {
  EXPECT_FALSE(ModeratedMean::of({0.1}, {}));
}

/// Against a table of Student's t: with 2 degrees of freedom 95 % lie within 4.302653.
TEST(Moderated, WithoutAPriorItIsStudentsInterval) {
  const LogRatios values{-0.1, 0, 0.1};
  const auto mean = ModeratedMean::of(values, {});
  ASSERT_TRUE(mean);
  EXPECT_DOUBLE_EQ(mean->sigma(), 0.1);
  const Interval interval = mean->ratio(0.95);
  EXPECT_DOUBLE_EQ(interval.value, 1);
  EXPECT_NEAR(std::log(interval.high), 4.302653 * 0.1 / std::sqrt(3), 1e-6);
  EXPECT_NEAR(interval.low * interval.high, 1, 1e-12);
  EXPECT_NEAR(mean->p_within(0.03), 1, 0.2);
}

TEST(Moderated, TheNoiseOfAllIsFound) {
  const VariancePrior prior = variance_prior(simulated_comparisons(3, 0.05, 200));
  EXPECT_NEAR(std::sqrt(prior.variance), 0.05, 0.01);
  EXPECT_DOUBLE_EQ(prior.degrees, kMostPriorDegrees) << "all are equally noisy";
}

TEST(Moderated, FewComparisonsKnowNothing) {
  EXPECT_EQ(variance_prior(simulated_comparisons(3, 0.05, 2)).degrees, 0);
  EXPECT_EQ(variance_prior({}).degrees, 0);
}

TEST(Moderated, ComparisonsOfUnequalNoiseVouchLessForEachOther) {
  auto comparisons = simulated_comparisons(4, 0.01, 30);
  const auto loud = simulated_comparisons(5, 1, 30);
  comparisons.insert(comparisons.end(), loud.begin(), loud.end());
  EXPECT_LT(variance_prior(comparisons).degrees, 1);
}

TEST(Moderated, ANoisyComparisonIsNeverMadeQuieter) {
  const LogRatios loud{-1, 0, 1};
  const auto mean = ModeratedMean::of(loud, {.variance = 1e-4, .degrees = 4});
  EXPECT_DOUBLE_EQ(mean->sigma(), 1);
}

TEST(Moderated, ALuckyComparisonIsMadeNoisier) {
  const LogRatios lucky{0.2, 0.2, 0.2};
  const auto mean = ModeratedMean::of(lucky, {.variance = 0.01, .degrees = 4});
  EXPECT_NEAR(mean->sigma(), std::sqrt(4 * 0.01 / 6), 1e-12);
}

TEST(Moderated, WhatIsFurtherThanTheMarginIsUnlikelyToBeWithin) {
  const VariancePrior prior{.variance = 1e-4, .degrees = 4};
  EXPECT_LT(ModeratedMean::of({0.30, 0.31, 0.29}, prior)->p_within(0.03), 0.001);
  EXPECT_GT(ModeratedMean::of({0.02, 0.03, 0.01}, prior)->p_within(0.03), 0.5);
}

}  // namespace
}  // namespace ub::stats
