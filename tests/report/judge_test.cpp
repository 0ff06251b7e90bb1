#include "judge.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "fixtures.hpp"
#include "golden.hpp"
#include "study_fixture.hpp"

namespace ub::report {
namespace {

using stats::Verdict;
using testing::HasSubstr;
using testing::Not;

/// The verdicts of a block, in the order of its rows; the baseline's is `undecided` by absence.
std::vector<std::optional<Verdict>> verdicts_of(const std::vector<Sample>& samples) {
  std::vector<Block> blocks = arrange(plan_for(samples), samples);
  judge(blocks, {.baseline = "", .noise = NoiseArm(samples, message_rate)});
  std::vector<std::optional<Verdict>> verdicts;
  for (const Row& row : blocks.front().rows) {
    verdicts.push_back(row.against_baseline ? std::optional(row.against_baseline->verdict)
                                            : std::nullopt);
  }
  return verdicts;
}

TEST(Judge, EveryVerdictOnLiterals) {
  const std::vector<std::optional<Verdict>> expected{std::nullopt, Verdict::faster, Verdict::slower,
                                                     Verdict::same, Verdict::undecided};
  EXPECT_EQ(verdicts_of(verdict_samples(10)), expected);
}

TEST(Judge, FiveBlocksCannotShowADifference) {
  for (const auto& verdict : verdicts_of(verdict_samples(5))) {
    EXPECT_TRUE(!verdict || *verdict == Verdict::undecided || *verdict == Verdict::same);
  }
}

TEST(Judge, PairsAreOfOneBlockWhateverTheOrder) {
  const auto samples = verdict_samples(10);
  Row a{samples[0].the_case, {}, {}, {}};
  Row b = a;
  for (const std::uint32_t block : {2U, 0U, 1U}) {
    Sample sample = samples[0];
    sample.block = block;
    sample.message_rate = block + 1;
    a.valid.push_back(sample);
    if (block == 1) continue;
    sample.message_rate = 10 * (block + 1);
    b.valid.insert(b.valid.begin(), sample);
  }
  const Paired pairs = paired_values(a, b, message_rate);
  EXPECT_EQ(pairs.a, (std::vector<double>{1, 3}));
  EXPECT_EQ(pairs.b, (std::vector<double>{10, 30}));
}

TEST(Judge, TheTableSaysWhatItConcludesAndHow) {
  const auto samples = verdict_samples(10);
  expect_golden("verdicts.txt", table_of(plan_for(samples, 10), samples));
}

TEST(Judge, OneRepetitionHasNoVerdict) {
  const auto samples = verdict_samples(1);
  const std::string table = table_of(plan_for(samples, 1), samples);
  EXPECT_THAT(table, Not(HasSubstr("verdict")));
  EXPECT_THAT(table, HasSubstr("msgs/s"));
}

TEST(NoiseArm, NotMeasuredSaysWhy) {
  const NoiseArm none(verdict_samples(10), message_rate);
  EXPECT_EQ(none.floor_of_median(10), 0);
  EXPECT_THAT(none.text(10), HasSubstr("not measured: the study has no case"));
}

TEST(NoiseArm, TheFloorComesFromTheTwinsOfOneBlock) {
  auto samples = verdict_samples(20);
  const std::size_t count = samples.size();
  for (std::size_t i = 0; i < count; i += 5) {  // the baseline of each block, measured again
    Sample again = samples[i];
    again.the_case.purpose = Purpose::noise;
    again.message_rate *= i % 2 == 0 ? 1.04 : 1 / 1.04;
    samples.push_back(again);
  }
  const NoiseArm arm(samples, message_rate);
  EXPECT_NEAR(arm.floor_of_median(1), 0.04, 1e-9) << "each block differs by 4 %, up or down";
  EXPECT_LE(arm.floor_of_median(10), 0.04 + 1e-9);
  EXPECT_THAT(arm.text(10), HasSubstr("from 20 A/A pairs"));
}

TEST(NoiseArm, VerdictsAreHeldAgainstTheFloor) {
  auto samples = verdict_samples(10);
  const std::size_t count = samples.size();
  for (std::size_t i = 0; i < count; i += 5) {
    Sample again = samples[i];
    again.the_case.purpose = Purpose::noise;
    again.message_rate *= i % 2 == 0 ? 1.5 : 1 / 1.5;
    samples.push_back(again);
  }
  std::vector<Block> blocks = arrange(plan_for(verdict_samples(10)), verdict_samples(10));
  judge(blocks, {.baseline = "", .noise = NoiseArm(samples, message_rate)});
  for (const Row& row : blocks.front().rows) {
    if (!row.against_baseline) continue;
    EXPECT_GT(row.against_baseline->threshold, 0.2);
  }
}

TEST(DriftText, IsSilentWithoutASentinel) {
  EXPECT_EQ(drift_text(verdict_samples(10)), "");
}

TEST(DriftText, SaysWhetherTheSentinelMoved) {
  auto sentinels = verdict_samples(10);  // each block is 1 % slower than the one before
  for (Sample& sample : sentinels) sample.the_case.purpose = Purpose::sentinel;
  std::erase_if(sentinels, [](const Sample& sample) { return sample.the_case.path != "gather"; });
  std::erase_if(sentinels,
                [](const Sample& sample) { return sample.the_case.engine != EngineKind::epoll; });
  EXPECT_THAT(drift_text(sentinels), HasSubstr("drifting: compare only within blocks"));
  sentinels.resize(3);
  EXPECT_THAT(drift_text(sentinels), HasSubstr("too few to tell a drift"));
}

}  // namespace
}  // namespace ub::report
