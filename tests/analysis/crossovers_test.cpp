#include "uringbench/analysis/crossovers.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "support/studies.hpp"

namespace ub::analysis {
namespace {

using namespace test;

using stats::CrossoverOutcome;
using testing::ElementsAre;
using testing::Ge;
using testing::IsEmpty;
using testing::Le;
using testing::SizeIs;

const PairCrossover& pair_named(const std::vector<CrossoverGroup>& groups, const std::string& a,
                                const std::string& b) {
  for (const PairCrossover& pair : groups.front().pairs) {
    if (pair.a == a && pair.b == b) return pair;
  }
  throw std::runtime_error("no pair " + a + ", " + b);
}

TEST(Crossovers, AKnownCrossingIsFoundWithinItsInterval) {
  const auto groups = find_crossovers(crossing_samples(10));
  const PairCrossover& pair = pair_named(groups, "uring-two-copy", "uring-send-zc");
  ASSERT_EQ(pair.found.outcome, CrossoverOutcome::crossing);
  const stats::Crossing& crossing = pair.found.crossings.front();
  EXPECT_EQ(crossing.cheaper_below, stats::Side::a);
  EXPECT_THAT(crossing.below_bytes, Le(16'000U));
  EXPECT_THAT(crossing.above_bytes, Ge(16'000U));
  // Between sizes a factor of 4 apart a straight line is not the curve; the stats tests check
  // coverage.
  EXPECT_NEAR(crossing.size_bytes.value, 16'000, 1'000);
  EXPECT_NEAR(pair.predicted_bytes.value_or(0), 16'000, 1'000);
}

TEST(Crossovers, NeverIsSaidWhereOneSideIsAlwaysCheaper) {
  const auto groups = find_crossovers(crossing_samples(10));
  const PairCrossover& pair = pair_named(groups, "uring-two-copy", "uring-fixed");
  EXPECT_EQ(pair.found.outcome, CrossoverOutcome::never);
  EXPECT_EQ(pair.found.cheaper, stats::Side::b);
}

TEST(Crossovers, OneBlockHasNone) {
  EXPECT_THAT(find_crossovers(crossing_samples(1)), IsEmpty());
}

TEST(Crossovers, FourBlocksDecideWhatIsFarBeyondTheNoise) {
  const auto groups = find_crossovers(crossing_samples(4));
  const PairCrossover& pair = pair_named(groups, "uring-two-copy", "uring-send-zc");
  EXPECT_EQ(pair.found.outcome, CrossoverOutcome::crossing);
}

TEST(Crossovers, OneSizeHasNone) {
  EXPECT_THAT(find_crossovers(verdict_samples(10)), IsEmpty());
}

TEST(Crossovers, ABlockThatLacksOneSizeIsLeftOut) {
  auto samples = crossing_samples(10);
  samples.front().status = Status::invalid;
  samples.front().reason = "books do not balance";
  const PairCrossover pair =
      pair_named(find_crossovers(samples), "uring-two-copy", "uring-send-zc");
  EXPECT_EQ(pair.blocks, 9U);
  EXPECT_THAT(pair.sizes_bytes, SizeIs(5));
}

TEST(Crossovers, RefinementAddsSizesBetweenTheNeighbours) {
  const auto groups = find_crossovers(crossing_samples(10));
  // 16K has no winner, so the neighbours are 4K and 64K: 4096 * 16^(1/3) and 4096 * 16^(2/3).
  EXPECT_THAT(sizes_to_refine(groups), ElementsAre(10321, 26008));
  EXPECT_THAT(sizes_to_refine({}), IsEmpty());
}

TEST(Crossovers, SizesOfOneAskedWorkingSetBelongTogether) {
  std::vector<Sample> samples = crossing_samples(10);
  for (Sample& sample : samples) {
    sample.the_case.working_set_asked_bytes = 1U << 20U;
    sample.the_case.working_set_bytes = sample.the_case.size_bytes * 64;
  }
  EXPECT_EQ(find_crossovers(samples).front().pairs.front().sizes_bytes,
            find_crossovers(crossing_samples(10)).front().pairs.front().sizes_bytes);
}

}  // namespace
}  // namespace ub::analysis
