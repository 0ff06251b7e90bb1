#include "uringbench/report/crossovers.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <sstream>

#include "fixtures.hpp"
#include "golden.hpp"
#include "study_fixture.hpp"
#include "uringbench/model/json.hpp"

namespace ub::report {
namespace {

using stats::CrossoverOutcome;
using testing::AllOf;
using testing::ElementsAre;
using testing::Ge;
using testing::HasSubstr;
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

TEST(Crossovers, UndecidedWithTooFewBlocksSaysHowManyMore) {
  const auto groups = find_crossovers(crossing_samples(4));
  const PairCrossover& pair = pair_named(groups, "uring-two-copy", "uring-send-zc");
  EXPECT_EQ(pair.found.outcome, CrossoverOutcome::undecided);
  EXPECT_THAT(pair.found.more_blocks, testing::Optional(Ge(2U)));
}

TEST(Crossovers, OneSizeHasNone) {
  EXPECT_THAT(find_crossovers(verdict_samples(10)), IsEmpty());
  EXPECT_EQ(crossover_text({}), "");
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

TEST(Crossovers, GoldenText) {
  const auto samples = crossing_samples(10);
  expect_golden("crossovers.txt", table_of(plan_for(samples, 10), samples));
}

TEST(Crossovers, GoldenThresholds) {
  std::ostringstream out;
  write_thresholds(out, environment(), find_crossovers(crossing_samples(10)));
  Json json = Json::parse(out.str());
  EXPECT_EQ(json.at("case").at("clients"), 1);
  json.erase("case");  // every factor of the model: a new one changes nothing here
  expect_golden("thresholds.json", json.dump(2) + "\n");
}

TEST(Crossovers, RefinementAddsSizesBetweenTheNeighbours) {
  const auto groups = find_crossovers(crossing_samples(10));
  // 16K has no winner, so the neighbours are 4K and 64K: 4096 * 16^(1/3) and 4096 * 16^(2/3).
  EXPECT_THAT(sizes_to_refine(groups), ElementsAre(10321, 26008));
  EXPECT_THAT(sizes_to_refine({}), IsEmpty());
}

TEST(SizeText, ThreeDigits) {
  EXPECT_EQ(size_text(64), "64 B");
  EXPECT_EQ(size_text(15'974.4), "15.6 KiB");
  EXPECT_EQ(size_text(1023.6 * 1024), "999 KiB");
  EXPECT_EQ(size_text(1048576), "1 MiB");
}

}  // namespace
}  // namespace ub::report
