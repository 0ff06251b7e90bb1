#include "uringbench/stats/quantile.hpp"

#include <gtest/gtest.h>

#include <array>
#include <cmath>
#include <limits>
#include <vector>

namespace ub::stats {
namespace {

constexpr std::array kValues{3.1, -2.5, 8.75, 4.0, 4.0, 11.25, 0.5, 6.125};

// Literals: Python 3.11, statistics.median, .quantiles(n=20, method='inclusive'), .stdev / .mean.
TEST(QuantileTest, AgreesWithPythonsStatistics) {
  EXPECT_DOUBLE_EQ(median(kValues).value(), 4.0);
  EXPECT_NEAR(quantile(kValues, 0.05).value(), -1.45, 1e-12);
  EXPECT_NEAR(quantile(kValues, 0.25).value(), 2.45, 1e-12);
  EXPECT_NEAR(quantile(kValues, 0.75).value(), 6.78125, 1e-12);
  EXPECT_NEAR(quantile(kValues, 0.95).value(), 10.375, 1e-12);
  EXPECT_DOUBLE_EQ(median_absolute_deviation(kValues).value(), 2.8125);
  EXPECT_NEAR(coefficient_of_variation(kValues).value(), 0.9923739039370632, 1e-12);
}

TEST(QuantileTest, TheEndsAreTheExtremes) {
  EXPECT_EQ(extremes(kValues), (Extremes{-2.5, 11.25}));
  EXPECT_DOUBLE_EQ(quantile(kValues, 0).value(), -2.5);
  EXPECT_DOUBLE_EQ(quantile(kValues, 1).value(), 11.25);
}

TEST(QuantileTest, TheMedianOfAnOddCountIsAValue) {
  EXPECT_DOUBLE_EQ(median(std::vector<double>{9, 1, 5}).value(), 5);
  EXPECT_DOUBLE_EQ(median(std::vector<double>{7}).value(), 7);
}

TEST(QuantileTest, NoValuesHaveNoFigures) {
  EXPECT_FALSE(median({}).has_value());
  EXPECT_FALSE(quantile({}, 0.9).has_value());
  EXPECT_FALSE(median_absolute_deviation({}).has_value());
  EXPECT_FALSE(extremes({}).has_value());
  EXPECT_FALSE(coefficient_of_variation({}).has_value());
}

TEST(QuantileTest, VariationNeedsTwoValuesAndAMean) {
  EXPECT_FALSE(coefficient_of_variation(std::vector<double>{3}).has_value());
  EXPECT_FALSE(coefficient_of_variation(std::vector<double>{-1, 1}).has_value());
  EXPECT_DOUBLE_EQ(coefficient_of_variation(std::vector<double>{4, 4, 4}).value(), 0);
}

TEST(QuantileDeathTest, AValueThatIsNoNumberIsABug) {
  const std::vector<double> values{1, std::nan(""), 3};
  EXPECT_DEATH(median(values), "finite");
  EXPECT_DEATH(quantile(kValues, 1.5), "from 0 to 1");
}

}  // namespace
}  // namespace ub::stats
