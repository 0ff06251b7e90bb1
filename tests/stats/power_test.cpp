#include <gtest/gtest.h>

#include "uringbench/stats/noise.hpp"

namespace ub::stats {
namespace {

// Literals: Python 3.11, statistics.NormalDist().inv_cdf in the formula of the header.
TEST(PowerTest, AgreesWithTheFormula) {
  EXPECT_EQ(blocks_needed({.sigma = 0.05, .effect = 0.05}), 13U);
  EXPECT_EQ(blocks_needed({.sigma = 0.12, .effect = 0.0296}), 203U);
}

TEST(PowerTest, FewerThanSixBlocksNeverDecide) {
  EXPECT_EQ(blocks_needed({.sigma = 0.001, .effect = 0.5}), 6U);
  EXPECT_EQ(blocks_needed({.sigma = 0, .effect = 0.5}), 6U);
  EXPECT_EQ(more_blocks_needed({.sigma = 0.001, .effect = 0.5}, 2), 4U);
}

TEST(PowerTest, AnEffectThatNoStudyFindsHasNoCount) {
  EXPECT_FALSE(blocks_needed({.sigma = 0.1, .effect = 0.001}).has_value());
  EXPECT_FALSE(blocks_needed({.sigma = 0.1, .effect = 0}).has_value());
  EXPECT_FALSE(more_blocks_needed({.sigma = 0.1, .effect = 0}, 10).has_value());
}

TEST(PowerTest, WhatIsThereCountsButHalfAsManyMoreIsTheLeast) {
  EXPECT_EQ(more_blocks_needed({.sigma = 0.05, .effect = 0.05}, 5), 8U);
  EXPECT_EQ(more_blocks_needed({.sigma = 0.05, .effect = 0.05}, 12), 6U);
  EXPECT_EQ(more_blocks_needed({.sigma = 0.05, .effect = 0.05}, 40), 20U);
  EXPECT_EQ(more_blocks_needed({.sigma = 0.05, .effect = 0.05}, 0), 13U);
}

}  // namespace
}  // namespace ub::stats
