#include "uringbench/stats/crossover.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <functional>
#include <vector>

#include "stats/simulated.hpp"

namespace ub::stats {
namespace {

using Cost = std::function<double(double size_bytes)>;

/// Two cost curves measured in `blocks` blocks at sizes 64 B, 256 B, ... 1 MiB.
class Study {
 public:
  Study(const Cost& a, const Cost& b, double noise, std::size_t blocks, std::uint64_t seed)
      : simulated_(seed) {
    for (std::uint64_t size = 64; size <= 1U << 20; size *= 4) {
      const auto bytes = static_cast<double>(size);
      sizes_.push_back(size);
      a_.push_back(simulated_.rates(blocks, a(bytes), noise));
      b_.push_back(simulated_.rates(blocks, b(bytes), noise));
    }
  }

  [[nodiscard]] Crossover crossover(const CompareOptions& options = {}) const {
    std::vector<CostPoint> points;
    for (std::size_t i = 0; i < sizes_.size(); ++i) points.push_back({sizes_[i], a_[i], b_[i]});
    return find_crossover(points, options);
  }

 private:
  Simulated simulated_;
  std::vector<std::uint64_t> sizes_;
  std::vector<std::vector<double>> a_;
  std::vector<std::vector<double>> b_;
};

double copying(double size_bytes) {
  return 1800 + 0.15 * size_bytes;
}
/// Meets copying() at 1,400 / 0.1 = 14,000 bytes.
double pinning(double size_bytes) {
  return 3200 + 0.05 * size_bytes;
}
/// log(cost ratio) to copying() straight in log(size): equal at 12,345 bytes, also when
/// interpolated.
double straight(double size_bytes) {
  return copying(size_bytes) * std::pow(12'345 / size_bytes, 0.2);
}
double twice(double size_bytes) {
  return 2 * copying(size_bytes);
}

TEST(CrossoverTest, WithoutNoiseTheInterpolatedSizeIsExact) {
  const std::vector<double> a(8, 100);
  // log2(b / a) = +1 at 1 KiB and -3 at 16 KiB: 0 at a quarter of the way in log size, 2 KiB.
  const std::vector<double> dear(8, 200);
  const std::vector<double> cheap(8, 12.5);
  const std::vector<CostPoint> points{{1024, a, dear}, {16'384, a, cheap}, {65'536, a, cheap}};
  const Crossover result = find_crossover(points);
  ASSERT_EQ(result.outcome, CrossoverOutcome::crossing);
  const Crossing& crossing = result.crossings.front();
  EXPECT_NEAR(crossing.size_bytes.low, 2048, 1e-3);
  EXPECT_NEAR(crossing.size_bytes.value, 2048, 1e-3);
  EXPECT_NEAR(crossing.size_bytes.high, 2048, 1e-3);
  EXPECT_EQ(crossing.below_bytes, 1024U);
  EXPECT_EQ(crossing.above_bytes, 16'384U);
  EXPECT_EQ(crossing.cheaper_below, Side::a);
}

TEST(CrossoverTest, TwoTermCostsCrossWhereTheyAreEqual) {
  const Crossover result = Study(copying, pinning, 0.03, 12, 3).crossover();
  ASSERT_EQ(result.outcome, CrossoverOutcome::crossing);
  const Interval& size = result.crossings.front().size_bytes;
  EXPECT_LE(size.low, 14'000);
  EXPECT_GE(size.high, 14'000);
  EXPECT_NEAR(size.level, 0.95, 1e-12);
  EXPECT_EQ(result.sizes.size(), 8U);
}

TEST(CrossoverTest, SwappingTheSidesChangesOnlyWhoIsCheaper) {
  const Crossing there = Study(copying, straight, 0.02, 8, 3).crossover().crossings.at(0);
  Study back(straight, copying, 0.02, 8, 3);
  EXPECT_EQ(there.cheaper_below, Side::a);
  EXPECT_EQ(back.crossover().crossings.at(0).cheaper_below, Side::b);
}

TEST(CrossoverTest, ACurveThatStaysAboveNeverCrosses) {
  const Crossover result = Study(copying, twice, 0.05, 10, 3).crossover();
  EXPECT_EQ(result.outcome, CrossoverOutcome::never);
  EXPECT_EQ(result.cheaper, Side::a);
  EXPECT_TRUE(result.crossings.empty());
  EXPECT_EQ(Study(twice, copying, 0.05, 10, 3).crossover().cheaper, Side::b);
}

TEST(CrossoverTest, EqualCurvesNeverCross) {
  const Crossover result = Study(copying, copying, 0.004, 10, 3).crossover();
  EXPECT_EQ(result.outcome, CrossoverOutcome::never);
  EXPECT_EQ(result.cheaper, Side::neither);
}

TEST(CrossoverTest, CurvesThatOnlyMeetDoNotCross) {
  const Cost meeting = [](double size) { return copying(size) * (size < 10'000 ? 1.5 : 1.0); };
  const Crossover result = Study(copying, meeting, 0.004, 10, 3).crossover();
  EXPECT_EQ(result.outcome, CrossoverOutcome::never);
  EXPECT_EQ(result.cheaper, Side::a);
}

TEST(CrossoverTest, ACrossingInsideTheNoiseFloorIsNone) {
  const Cost nearly = [](double size) { return copying(size) * (size < 10'000 ? 1.02 : 0.98); };
  const Study study(copying, nearly, 0.001, 10, 3);
  EXPECT_EQ(study.crossover().outcome, CrossoverOutcome::never);
  EXPECT_EQ(study.crossover({.min_effect = 0.01}).outcome, CrossoverOutcome::crossing);
}

TEST(CrossoverTest, TooMuchNoiseIsUndecidedWithANumberOfBlocks) {
  const Cost slightly = [](double size) { return copying(size) * (size < 10'000 ? 1.06 : 0.94); };
  const Crossover result = Study(copying, slightly, 0.12, 8, 3).crossover();
  EXPECT_EQ(result.outcome, CrossoverOutcome::undecided);
  EXPECT_GT(result.more_blocks.value(), 20U);
  EXPECT_LT(result.more_blocks.value(), 2000U);
}

TEST(CrossoverTest, FiveBlocksAreEnoughForCurvesThatAreFarApart) {
  const Crossover result = Study(copying, straight, 0.01, 5, 3).crossover();
  ASSERT_EQ(result.outcome, CrossoverOutcome::crossing);
  EXPECT_NEAR(result.crossings.front().size_bytes.level, 0.9375, 1e-12);
}

TEST(CrossoverTest, EveryOneOfSeveralCrossingsIsListed) {
  const Cost wave = [](double size) {
    return copying(size) * (size > 500 && size < 100'000 ? 0.7 : 1.4);
  };
  const Crossover result = Study(copying, wave, 0.03, 10, 3).crossover();
  ASSERT_EQ(result.outcome, CrossoverOutcome::several);
  ASSERT_EQ(result.crossings.size(), 2U);
  EXPECT_EQ(result.crossings[0].below_bytes, 256U);
  EXPECT_EQ(result.crossings[0].above_bytes, 1024U);
  EXPECT_EQ(result.crossings[0].cheaper_below, Side::a);
  EXPECT_EQ(result.crossings[1].below_bytes, 65'536U);
  EXPECT_EQ(result.crossings[1].cheaper_below, Side::b);
}

TEST(CrossoverTest, OfSeveralZerosBetweenTwoWinnersTheMiddleOneIsThePlace) {
  const std::vector<double> b(8, 100);
  const std::vector<double> cheap(8, 50);
  const std::vector<double> above(8, 102);
  const std::vector<double> below(8, 100 / 1.02);
  const std::vector<double> dear(8, 200);
  const std::vector<CostPoint> points{
      {1024, cheap, b}, {4096, above, b}, {16'384, below, b}, {65'536, dear, b}};
  const Crossover result = find_crossover(points);
  ASSERT_EQ(result.outcome, CrossoverOutcome::crossing);
  const Interval& size = result.crossings.front().size_bytes;
  EXPECT_NEAR(size.value, 8192, 1e-3);
  // The outer zeros: log(2) / log(2.04) of the way up from 1 KiB, and as far down from 64 KiB.
  const double share = std::log(2.0) / std::log(2.04);
  EXPECT_NEAR(size.low, 1024 * std::pow(4, share), 1e-2);
  EXPECT_NEAR(size.high, 65'536 / std::pow(4, share), 1e-2);
}

TEST(CrossoverTest, AnUndecidedSizeWithoutRoomForTheOtherSideIsNoDoubt) {
  const std::vector<double> b(8, 100);
  const std::vector<double> cheap(8, 50);
  const std::vector<double> unclear{80, 84, 88, 92, 96, 100, 100, 98};
  const std::vector<double> wide{80, 85, 90, 95, 100, 110, 115, 104};
  const std::vector<CostPoint> no_room{{64, cheap, b}, {256, cheap, b}, {1024, unclear, b}};
  const Crossover never = find_crossover(no_room);
  EXPECT_EQ(never.sizes.back().verdict, Verdict::undecided);
  EXPECT_EQ(never.outcome, CrossoverOutcome::never);
  EXPECT_EQ(never.cheaper, Side::a);
  const std::vector<CostPoint> room{{64, cheap, b}, {256, cheap, b}, {1024, wide, b}};
  EXPECT_EQ(find_crossover(room).outcome, CrossoverOutcome::undecided);
}

TEST(CrossoverTest, FewSizesOrValuesAreUndecided) {
  EXPECT_EQ(find_crossover({}).outcome, CrossoverOutcome::undecided);
  const std::vector<double> costs(8, 5.0);
  const std::vector<double> zeros(8, 0.0);
  const std::vector<CostPoint> one{{64, costs, costs}};
  EXPECT_EQ(find_crossover(one).outcome, CrossoverOutcome::undecided);
  const std::vector<CostPoint> none{{64, costs, zeros}, {128, costs, zeros}};
  EXPECT_EQ(find_crossover(none).outcome, CrossoverOutcome::undecided);
  EXPECT_FALSE(find_crossover(none).more_blocks.has_value());
}

TEST(CrossoverDeathTest, SizesThatDoNotAscendAreABug) {
  const std::vector<double> costs(8, 5.0);
  const std::vector<CostPoint> points{{128, costs, costs}, {64, costs, costs}};
  EXPECT_DEATH(find_crossover(points), "ascend");
}

/// Of 200 simulated studies: how many ended with one crossing, and in how many of those its
/// interval held the true size.
struct Recovery {
  int found = 0;
  int covered = 0;
  int other = 0;
};

Recovery recover(const Cost& b, double true_bytes, double noise, std::size_t blocks) {
  Recovery recovery;
  for (std::uint64_t seed = 1; seed <= 200; ++seed) {
    const Crossover result = Study(copying, b, noise, blocks, seed).crossover();
    if (result.outcome != CrossoverOutcome::crossing) {
      recovery.other += result.outcome != CrossoverOutcome::undecided;
      continue;
    }
    const Interval& size = result.crossings.front().size_bytes;
    ++recovery.found;
    recovery.covered += size.low <= true_bytes && true_bytes <= size.high;
  }
  return recovery;
}

TEST(CrossoverTest, TheIntervalHoldsTheTrueSizeAsOftenAsItSays) {
  for (const std::size_t blocks : {8U, 10U, 13U}) {
    const Recovery recovery = recover(straight, 12'345, 0.05, blocks);
    EXPECT_GE(recovery.found, 195) << blocks;
    EXPECT_EQ(recovery.other, 0) << blocks;
    const double share = static_cast<double>(recovery.covered) / recovery.found;
    EXPECT_NEAR(share, 0.95, 0.04) << blocks;
  }
}

TEST(CrossoverTest, CurvesThatDoNotCrossRarelyShowACrossing) {
  const Cost meeting = [](double size) { return copying(size) * (size < 10'000 ? 1.5 : 1.0); };
  for (const Cost& b : {Cost(copying), Cost(twice), meeting}) {
    int shown = 0;
    for (std::uint64_t seed = 1; seed <= 200; ++seed) {
      shown += !Study(copying, b, 0.05, 10, seed).crossover().crossings.empty();
    }
    EXPECT_LE(shown, 10);
  }
}

}  // namespace
}  // namespace ub::stats
