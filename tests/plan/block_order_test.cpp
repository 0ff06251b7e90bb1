#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <numeric>

#include "uringbench/plan/builder.hpp"

namespace ub::plan {
namespace {

Plan plan_of(std::size_t cases, std::uint64_t seed = 1) {
  Plan plan;
  plan.cases.resize(cases);
  plan.seed = seed;
  return plan;
}

TEST(BlockOrder, EveryCaseComesOnce) {
  for (const std::size_t cases : {0U, 1U, 2U, 7U, 100U}) {
    std::vector<std::size_t> all(cases);
    std::iota(all.begin(), all.end(), std::size_t{0});
    EXPECT_THAT(block_order(plan_of(cases), 0), testing::UnorderedElementsAreArray(all));
  }
}

TEST(BlockOrder, TheSameSeedGivesTheSameOrder) {
  EXPECT_EQ(block_order(plan_of(50, 9), 3), block_order(plan_of(50, 9), 3));
}

TEST(BlockOrder, BlocksAndSeedsDiffer) {
  const auto order = block_order(plan_of(50, 9), 0);
  EXPECT_NE(order, block_order(plan_of(50, 9), 1));
  EXPECT_NE(order, block_order(plan_of(50, 10), 0));
  EXPECT_NE(order, block_order(plan_of(50, 9 + (1ULL << 32U)), 0)) << "the upper half counts";
}

TEST(BlockOrder, IsPartOfTheFileFormat) {
  // A seed in an old samples.jsonl must mean the same order for ever.
  EXPECT_THAT(block_order(plan_of(8, 1), 0), testing::ElementsAre(0, 5, 4, 3, 2, 6, 1, 7));
}

TEST(BlockOrder, EveryCaseTakesEveryPlace) {
  // 6 places in 300 blocks: 50 times each if fair; 20 is more than five deviations away.
  std::vector<std::vector<int>> seen(6, std::vector<int>(6));
  for (std::uint32_t block = 0; block < 300; ++block) {
    const auto order = block_order(plan_of(6), block);
    for (std::size_t place = 0; place < 6; ++place) ++seen[order[place]][place];
  }
  for (const auto& places : seen) EXPECT_THAT(places, testing::Each(testing::Gt(20)));
}

}  // namespace
}  // namespace ub::plan
