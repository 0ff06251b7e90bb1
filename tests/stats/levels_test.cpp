#include "uringbench/stats/levels.hpp"

#include <gtest/gtest.h>

#include "simulated.hpp"

namespace ub::stats {
namespace {

std::vector<double> normal_logs(Simulated& random, std::size_t count) {
  std::vector<double> values;
  for (std::size_t i = 0; i < count; ++i) values.push_back(std::exp(0.1 * random.normal()));
  return values;
}

TEST(TwoLevels, AreFoundAndTheirGeometricMeansGiven) {
  const std::vector<double> values{1.01, 4.0, 0.99, 4.1, 1.0, 3.9, 1.02, 4.05};
  const auto found = two_levels(values);
  ASSERT_TRUE(found);
  EXPECT_NEAR(found->low, 1.005, 0.001);
  EXPECT_NEAR(found->high, 4.012, 0.001);
  EXPECT_EQ(found->at_high, 4U);
}

TEST(TwoLevels, OneStrayValueIsNoLevel) {
  EXPECT_FALSE(two_levels(std::vector<double>{1.01, 0.99, 1.0, 1.02, 1.0, 0.98, 1.01, 9.0}));
}

TEST(TwoLevels, LevelsLessThanTenPercentApartMisleadNobody) {
  const std::vector<double> values{1.00, 1.08, 1.001, 1.081, 1.0, 1.08, 1.001, 1.081};
  EXPECT_FALSE(two_levels(values));
}

TEST(TwoLevels, NeedEightValuesAndRates) {
  EXPECT_FALSE(two_levels(std::vector<double>{1, 4, 1, 4, 1, 4, 1}));
  EXPECT_FALSE(two_levels(std::vector<double>{1, 4, 1, 4, 1, 4, 1, 0}));
  EXPECT_FALSE(two_levels(std::vector<double>(8, 3.0)));
}

TEST(TwoLevels, AreSeenInOneNormalSampleOfAThousand) {
  Simulated random(20);
  for (const std::size_t count : {8U, 14U, 40U}) {
    std::size_t claims = 0;
    for (int i = 0; i < 10'000; ++i) {
      if (two_levels(normal_logs(random, count))) ++claims;
    }
    EXPECT_LE(claims, 20U) << count;  // 10 are expected; more than 20 have a chance of 0.2 %
  }
}

TEST(TwoLevels, AreSeenInMostSamplesOfTwentyWhereTheyAreEightNoisesApart) {
  Simulated random(21);
  int found = 0;
  for (int i = 0; i < 1'000; ++i) {
    std::vector<double> values = normal_logs(random, 20);
    for (double& each : values) each *= random.uniform() < 0.5 ? 1 : std::exp(0.8);
    found += two_levels(values) ? 1 : 0;
  }
  EXPECT_GE(found, 950);
}

}  // namespace
}  // namespace ub::stats
