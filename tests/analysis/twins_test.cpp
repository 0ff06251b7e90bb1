#include "uringbench/analysis/twins.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <deque>

#include "support/studies.hpp"

namespace ub::analysis {
namespace {

using namespace test;

using stats::Verdict;

/// The verdicts of a block, in the order of its rows; the baseline's is `undecided` by absence.
std::vector<std::optional<Verdict>> verdicts_of(const std::vector<Sample>& samples) {
  std::vector<Group> groups = arrange(plan_for(samples), samples, Purpose::comparison);
  choose_baselines(groups, "");
  StudyNoise noise(samples);
  judge(groups, noise);
  std::vector<std::optional<Verdict>> verdicts;
  for (const Row& row : groups.front().rows) {
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

TEST(Judge, AtAFixedRateLatenciesAndCpuTimeAreJudged) {
  const auto samples = paced_samples(8);
  std::vector<Group> groups = arrange(plan_for(samples), samples, Purpose::comparison);
  choose_baselines(groups, "");
  StudyNoise noise(samples);
  judge(groups, noise);
  const Row& epoll = groups.front().rows[1];
  ASSERT_TRUE(epoll.against_baseline && epoll.against_baseline->ratio);
  EXPECT_EQ(epoll.against_baseline->verdict, Verdict::faster);
  EXPECT_NEAR(epoll.against_baseline->ratio->value, 2, 0.05);
  ASSERT_EQ(epoll.at_load.size(), 2U);
  EXPECT_EQ(epoll.at_load[0].objective, Objective::latency_p50);
  EXPECT_EQ(epoll.at_load[0].against_baseline.verdict, Verdict::same);
  EXPECT_EQ(epoll.at_load[1].objective, Objective::cpu);
}

TEST(Judge, LatenciesOfAnOverloadedModeAreNotJudged) {
  auto samples = paced_samples(8);
  for (Sample& sample : samples) {
    sample.requests->overloaded = sample.the_case.engine == EngineKind::epoll;
    sample.requests->unanswered = 400;
  }
  std::vector<Group> groups = arrange(plan_for(samples), samples, Purpose::comparison);
  choose_baselines(groups, "");
  StudyNoise noise(samples);
  judge(groups, noise);
  const Row& epoll = groups.front().rows[1];
  EXPECT_FALSE(epoll.against_baseline->ratio);
  EXPECT_EQ(epoll.against_baseline->verdict, Verdict::undecided);
}

TEST(Judge, OneBlockCannotShowADifference) {
  for (const auto& verdict : verdicts_of(verdict_samples(1))) {
    EXPECT_TRUE(!verdict || *verdict == Verdict::undecided);
  }
}

TEST(Judge, PairsAreOfOneBlockWhateverTheOrder) {
  const auto samples = verdict_samples(10);
  Row a{samples[0].the_case, {}, {}, {}};
  Row b = a;
  std::deque<Sample> kept;
  const auto sample_with = [&](std::uint32_t block, double rate) {
    kept.push_back(samples[0]);
    kept.back().block = block;
    kept.back().message_rate = rate;
    return &kept.back();
  };
  for (const std::uint32_t block : {2U, 0U, 1U}) {
    a.valid.push_back(sample_with(block, block + 1));
    if (block != 1) b.valid.insert(b.valid.begin(), sample_with(block, 10 * (block + 1)));
  }
  const Paired pairs = paired_values(a, b, message_rate);
  EXPECT_EQ(pairs.a, (std::vector<double>{1, 3}));
  EXPECT_EQ(pairs.b, (std::vector<double>{10, 30}));
}

TEST(Noise, IsNotMeasuredWithoutTwins) {
  const Noise none = noise_of(verdict_samples(10), message_rate);
  EXPECT_EQ(none.floor_of_median(10), 0);
  EXPECT_FALSE(none.floor(10).has_value());
}

TEST(Noise, TheFloorComesFromTheTwinsOfOneBlock) {
  auto samples = verdict_samples(20);
  const std::size_t count = samples.size();
  for (std::size_t i = 0; i < count; i += 5) {  // the baseline of each block, measured again
    Sample again = samples[i];
    again.the_case.purpose = Purpose::noise;
    again.message_rate *= i % 2 == 0 ? 1.04 : 1 / 1.04;
    samples.push_back(again);
  }
  const Noise noise = noise_of(samples, message_rate);
  EXPECT_NEAR(noise.floor_of_median(1), 0.04, 1e-9) << "each block differs by 4 %, up or down";
  EXPECT_LE(noise.floor_of_median(10), 0.04 + 1e-9);
  EXPECT_EQ(noise.log_ratios.size(), 20U);
}

TEST(Noise, VerdictsAreHeldAgainstTheFloor) {
  auto samples = verdict_samples(10);
  const std::size_t count = samples.size();
  for (std::size_t i = 0; i < count; i += 5) {
    Sample again = samples[i];
    again.the_case.purpose = Purpose::noise;
    again.message_rate *= i % 2 == 0 ? 1.5 : 1 / 1.5;
    samples.push_back(again);
  }
  std::vector<Group> groups = arrange(plan_for(samples), samples, Purpose::comparison);
  choose_baselines(groups, "");
  StudyNoise noise(samples);
  judge(groups, noise);
  for (const Row& row : groups.front().rows) {
    if (!row.against_baseline) continue;
    EXPECT_GT(row.against_baseline->threshold, 0.2);
  }
}

TEST(Drift, IsNotThereWithoutASentinel) {
  EXPECT_FALSE(drift_of(verdict_samples(10)).has_value());
}

TEST(Drift, SaysWhetherTheSentinelMoved) {
  auto sentinels = verdict_samples(10);  // each block is 1 % slower than the one before
  for (Sample& sample : sentinels) sample.the_case.purpose = Purpose::sentinel;
  std::erase_if(sentinels, [](const Sample& sample) { return sample.the_case.path != "gather"; });
  std::erase_if(sentinels,
                [](const Sample& sample) { return sample.the_case.engine != EngineKind::epoll; });
  EXPECT_EQ(drift_of(sentinels)->found->trend, stats::Trend::drifting);
  sentinels.resize(3);
  EXPECT_EQ(drift_of(sentinels)->values.size(), 3U);
  EXPECT_FALSE(drift_of(sentinels)->found.has_value()) << "too few to tell";
}

}  // namespace
}  // namespace ub::analysis
