#include "uringbench/stats/two_term_model.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <vector>

#include "stats/simulated.hpp"

namespace ub::stats {
namespace {

std::vector<SizeCost> line(double fixed, double per_byte) {
  std::vector<SizeCost> costs;
  for (std::uint64_t size = 64; size <= 1U << 20; size *= 4) {
    costs.push_back({size, fixed + per_byte * static_cast<double>(size)});
  }
  return costs;
}

TEST(TwoTermModelTest, AnExactLineIsRecovered) {
  const TwoTermModel model = fit_two_terms(line(1800, 0.15)).value();
  EXPECT_NEAR(model.fixed, 1800, 1e-6);
  EXPECT_NEAR(model.per_byte, 0.15, 1e-12);
  EXPECT_NEAR(model.worst.relative, 0, 1e-12);
  EXPECT_EQ(model.residuals.size(), 8U);
}

// Literals: Python 3.11; the same start, then 500 reweightings, each solved by orthogonalisation
// (modified Gram and Schmidt) instead of normal equations.
TEST(TwoTermModelTest, AgreesWithAnIndependentFit) {
  const std::vector<SizeCost> costs{{64, 1830},          {512, 1790},      {4096, 2520},
                                    {16'384, 4100},      {65'536, 12'900}, {262'144, 38'000},
                                    {1'048'576, 161'000}};
  const TwoTermModel model = fit_two_terms(costs).value();
  EXPECT_NEAR(model.fixed, 1791.3986267003909, 1e-6);
  EXPECT_NEAR(model.per_byte, 0.14931013841672644, 1e-10);
  EXPECT_NEAR(model.residuals[0].relative, 0.015871871279201435, 1e-9);
  EXPECT_NEAR(model.residuals[6].relative, 0.0164321346139271, 1e-9);
  EXPECT_EQ(model.worst.size_bytes, 65'536U);
  EXPECT_NEAR(model.worst.relative, 0.10259008852876163, 1e-9);
}

TEST(TwoTermModelTest, OneOddSizeIsAResidualAndDoesNotTiltTheLine) {
  for (std::size_t odd = 0; odd < 8; ++odd) {
    std::vector<SizeCost> costs = line(1800, 0.15);
    for (std::size_t i = 0; i < costs.size(); ++i) costs[i].cost *= i % 2 == 0 ? 1.01 : 0.99;
    costs[odd].cost *= 1.6;
    const TwoTermModel model = fit_two_terms(costs).value();
    EXPECT_NEAR(model.fixed, 1800, 36) << odd;
    EXPECT_NEAR(model.per_byte, 0.15, 0.003) << odd;
    EXPECT_EQ(model.worst.size_bytes, costs[odd].size_bytes);
    EXPECT_NEAR(model.worst.relative, 1 - 1 / 1.6, 0.02) << odd;
  }
}

TEST(TwoTermModelTest, SmallSizesCountAsMuchAsLargeOnes) {
  std::vector<SizeCost> costs = line(1800, 0.15);
  costs.back().cost *= 1.1;  // 16 microseconds: nine times what a small message costs
  EXPECT_NEAR(fit_two_terms(costs).value().fixed, 1800, 20);
}

TEST(TwoTermModelTest, TwoSizesGiveTheLineThroughThem) {
  const TwoTermModel model = fit_two_terms(std::vector<SizeCost>{{100, 30}, {300, 50}}).value();
  EXPECT_NEAR(model.fixed, 20, 1e-12);
  EXPECT_NEAR(model.per_byte, 0.1, 1e-12);
}

TEST(TwoTermModelTest, WithoutTwoSizesOrWithoutCostThereIsNoModel) {
  EXPECT_FALSE(fit_two_terms({}).has_value());
  EXPECT_FALSE(fit_two_terms(std::vector<SizeCost>{{64, 10}}).has_value());
  EXPECT_FALSE(fit_two_terms(std::vector<SizeCost>{{64, 10}, {64, 11}}).has_value());
  EXPECT_FALSE(fit_two_terms(std::vector<SizeCost>{{64, 10}, {128, 0}}).has_value());
}

TEST(PredictedCrossoverTest, IsWhereTheTwoLinesMeet) {
  const TwoTermModel copying = fit_two_terms(line(1800, 0.15)).value();
  const TwoTermModel pinning = fit_two_terms(line(3200, 0.05)).value();
  EXPECT_NEAR(predicted_crossover(copying, pinning).value(), 14'000, 1e-3);
  EXPECT_NEAR(predicted_crossover(pinning, copying).value(), 14'000, 1e-3);
}

TEST(PredictedCrossoverTest, LinesThatMeetNowhereAboveZeroHaveNone) {
  const TwoTermModel cheap{.fixed = 1800, .per_byte = 0.05, .residuals = {}, .worst = {}};
  const TwoTermModel dear{.fixed = 3200, .per_byte = 0.15, .residuals = {}, .worst = {}};
  const TwoTermModel parallel{.fixed = 3200, .per_byte = 0.05, .residuals = {}, .worst = {}};
  EXPECT_FALSE(predicted_crossover(cheap, dear).has_value());
  EXPECT_FALSE(predicted_crossover(cheap, parallel).has_value());
  EXPECT_FALSE(predicted_crossover(cheap, cheap).has_value());
}

TEST(PredictedCrossoverTest, NoiseOfMediansMovesItLittle) {
  Simulated simulated(9);
  int near = 0;
  for (int trial = 0; trial < 200; ++trial) {
    std::vector<SizeCost> copying = line(1800, 0.15);
    std::vector<SizeCost> pinning = line(3200, 0.05);
    for (SizeCost& point : copying) point.cost *= std::exp(0.02 * simulated.normal());
    for (SizeCost& point : pinning) point.cost *= std::exp(0.02 * simulated.normal());
    const std::optional<double> size =
        predicted_crossover(fit_two_terms(copying).value(), fit_two_terms(pinning).value());
    near += size && std::fabs(std::log(*size / 14'000)) < 0.1;
  }
  EXPECT_GE(near, 190);
}

}  // namespace
}  // namespace ub::stats
