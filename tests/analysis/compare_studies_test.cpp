#include "uringbench/analysis/compare_studies.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "support/studies.hpp"

namespace ub::analysis {
namespace {

using namespace test;

using stats::Verdict;
using testing::AllOf;
using testing::Each;
using testing::ElementsAre;
using testing::Field;
using testing::IsEmpty;
using testing::SizeIs;

std::vector<Verdict> verdicts_of(const StudyComparison& comparison) {
  std::vector<Verdict> verdicts;
  for (const ComparedCase& each : comparison.cases) verdicts.push_back(each.result.verdict);
  return verdicts;
}

StudyComparison compare_studies(const StudyData& a, const StudyData& b,
                                const CompareStudiesOptions& options = {}) {
  return analysis::compare_studies(std::vector<StudyPair>{{&a, &b}}, options);
}

/// Two or more pairs of studies of ten repetitions, each at a level of its own.
StudyComparison compare_levels(const std::vector<std::pair<double, double>>& levels,
                               const CompareStudiesOptions& options = {}) {
  std::vector<StudyData> studies;
  for (const auto& [a, b] : levels) {
    studies.push_back(test::study_of(scaled_samples(crossing_samples(10), a)));
    studies.push_back(test::study_of(scaled_samples(crossing_samples(10), b)));
  }
  std::vector<StudyPair> pairs;
  for (std::size_t i = 0; i < studies.size(); i += 2) {
    pairs.push_back({&studies[i], &studies[i + 1]});
  }
  return analysis::compare_studies(pairs, options);
}

TEST(CompareStudies, OneBuildMeasuredTwiceIsTheSame) {
  // Blocks of the second study wobble differently: it begins where the first ended.
  auto again = crossing_samples(20);
  again.erase(again.begin(), again.begin() + static_cast<std::ptrdiff_t>(again.size() / 2));
  const auto comparison = compare_studies(test::study_of(crossing_samples(10)),
                                          test::study_of(again), {.min_effect = 0.05});
  EXPECT_THAT(verdicts_of(comparison), AllOf(SizeIs(15), Each(Verdict::same)));
  EXPECT_EQ(outcome_of(comparison), CompareOutcome::not_slower);
  EXPECT_THAT(comparison.environment.differences, IsEmpty());
  EXPECT_THAT(comparison.environment.unknown, ElementsAre("governor"));
}

TEST(CompareStudies, InOnePairASlowerBuildWasSlowerButIsNotCalledSo) {
  const auto a = test::study_of(crossing_samples(10));
  const auto slower = compare_studies(a, test::study_of(scaled_samples(crossing_samples(10), 0.8)));
  EXPECT_THAT(verdicts_of(slower), Each(Verdict::slower));
  EXPECT_EQ(outcome_of(slower), CompareOutcome::unclear) << "two studies of one build differ, too";
  const auto faster = compare_studies(a, test::study_of(scaled_samples(crossing_samples(10), 1.2)));
  EXPECT_THAT(verdicts_of(faster), Each(Verdict::faster));
  EXPECT_NEAR(faster.cases.front().result.ratio->value, 1.2, 1e-9);
}

TEST(CompareStudies, CpuIsACostSoLessIsFaster) {
  auto cheaper = crossing_samples(10);
  for (Sample& sample : cheaper) sample.server.cpu_ns /= 2;
  const auto comparison = compare_studies(test::study_of(crossing_samples(10)),
                                          test::study_of(cheaper), {.objective = Objective::cpu});
  EXPECT_THAT(verdicts_of(comparison), Each(Verdict::faster));
}

TEST(CompareStudies, PairsThatAgreeDecide) {
  const auto slower = compare_levels({{1, 0.8}, {1.02, 0.82}, {0.99, 0.79}});
  EXPECT_EQ(slower.design, StudyDesign::pairs);
  EXPECT_EQ(outcome_of(slower), CompareOutcome::slower);
  EXPECT_THAT(slower.cases.front().a.values, SizeIs(3)) << "a study counts once";
  EXPECT_EQ(slower.cases.front().a.repetitions, 30U);
  const auto same =
      compare_levels({{1, 1.001}, {1.02, 1.021}, {0.99, 0.989}}, {.min_effect = 0.05});
  EXPECT_EQ(outcome_of(same), CompareOutcome::not_slower);
}

TEST(CompareStudies, PairsThatDisagreeAreUnclear) {
  EXPECT_EQ(outcome_of(compare_levels({{1, 0.9}, {1, 1.02}})), CompareOutcome::unclear);
  EXPECT_EQ(outcome_of(compare_levels({{1, 0.90}, {1, 0.96}})), CompareOutcome::unclear)
      << "two pairs have one degree of freedom";
}

TEST(CompareStudies, TwoProgramsOfOneStudyAreComparedWithinBlocks) {
  // Every block drifts by half, which only the ratios within blocks do not see.
  auto a = crossing_samples(8);
  for (Sample& sample : a) sample.message_rate *= 1 + 0.5 * (sample.block % 3);
  const StudyData of_a = test::study_of(a);
  const StudyData of_b = test::study_of(scaled_samples(a, 0.9));
  const auto slower = compare_programs({&of_a, &of_b}, {.min_effect = 0.05});
  EXPECT_EQ(slower.design, StudyDesign::blocks);
  EXPECT_EQ(outcome_of(slower), CompareOutcome::slower);
  EXPECT_NEAR(slower.cases.front().result.ratio->value, 0.9, 1e-9);
  EXPECT_EQ(outcome_of(compare_programs({&of_a, &of_a})), CompareOutcome::not_slower);
}

TEST(CompareStudies, OneSlowCaseAmongEqualOnesIsNotHidden) {
  auto b = crossing_samples(4);
  for (Sample& sample : b) {
    if (sample.the_case.size_bytes == 1024) sample.message_rate /= 10;
  }
  const auto comparison =
      compare_studies(test::study_of(crossing_samples(4)), test::study_of(b), {.min_effect = 0.05});
  EXPECT_EQ(outcome_of(comparison), CompareOutcome::unclear);
}

TEST(CompareStudies, NoiseThatHidesTheLimitIsUnclear) {
  auto noisy = crossing_samples(4);
  for (Sample& sample : noisy) sample.message_rate *= sample.block % 2 == 0 ? 1.3 : 0.8;
  const auto comparison = compare_studies(test::study_of(noisy), test::study_of(noisy));
  EXPECT_EQ(outcome_of(comparison), CompareOutcome::unclear);
}

TEST(CompareStudies, OneRepetitionHasNoNoiseAndIsUnclear) {
  const auto a = test::study_of(crossing_samples(1));
  EXPECT_EQ(outcome_of(compare_studies(a, a)), CompareOutcome::unclear);
}

TEST(CompareStudies, WhatIsInOneStudyOnlyIsMissing) {
  const auto comparison =
      compare_studies(test::study_of(crossing_samples(10)), test::study_of(verdict_samples(10)));
  EXPECT_THAT(comparison.cases, SizeIs(1)) << "both have uring-two-copy at 4K";
  EXPECT_EQ(outcome_of(comparison), CompareOutcome::missing);
  EXPECT_THAT(comparison.missing, SizeIs(18));
  const auto apart = compare_studies(test::study_of({}), test::study_of(verdict_samples(10)));
  EXPECT_EQ(outcome_of(apart), CompareOutcome::nothing);
  EXPECT_THAT(apart.missing, SizeIs(5));
}

TEST(CompareStudies, AFailedCaseIsMissingWithItsReason) {
  auto b = verdict_samples(10);
  for (Sample& sample : b) {
    if (sample.the_case.path == "gather") {
      sample = failed_sample(sample.the_case, Status::failed, "the server was ended", sample.rep);
    }
  }
  const auto comparison = compare_studies(test::study_of(verdict_samples(10)), test::study_of(b));
  EXPECT_EQ(outcome_of(comparison), CompareOutcome::missing);
  ASSERT_THAT(comparison.missing, SizeIs(2));
  EXPECT_EQ(comparison.missing.front().name, "pthread-gather, size 4K, 1 client");
  EXPECT_THAT(comparison.missing.front().gaps,
              ElementsAre(Gap{"B", "failed: the server was ended"}));
}

TEST(CompareStudies, TooFewValidRepetitionsAreMissing) {
  auto b = verdict_samples(10);
  for (Sample& sample : b) {
    const bool fails = sample.the_case.engine == EngineKind::uring && sample.rep >= 4;
    if (fails) sample = failed_sample(sample.the_case, Status::invalid, "stalled", sample.rep);
  }
  const auto comparison = compare_studies(test::study_of(verdict_samples(10)), test::study_of(b));
  ASSERT_THAT(comparison.missing, SizeIs(1));
  EXPECT_EQ(comparison.missing.front().gaps.front().reason,
            "too few: 4 of 10 repetitions have a figure; others invalid: stalled");
}

TEST(CompareStudies, WhatNoStudyCanHaveIsNoLossOfB) {
  auto samples = verdict_samples(10);
  for (Sample& sample : samples) {
    if (sample.the_case.engine != EngineKind::uring) continue;
    sample = failed_sample(sample.the_case, Status::unavailable, "no io_uring", sample.rep);
  }
  const auto study = test::study_of(samples);
  const auto comparison = compare_studies(study, study, {.min_effect = 0.05});
  EXPECT_THAT(comparison.missing, IsEmpty());
  EXPECT_THAT(comparison.unavailable, SizeIs(1));
  EXPECT_EQ(outcome_of(comparison), CompareOutcome::not_slower);
}

TEST(CompareStudies, OtherCpusAndWindowsAreTheSameCase) {
  auto elsewhere = crossing_samples(10);
  for (Sample& sample : elsewhere) {
    sample.the_case.server_cpus = "7";
    sample.the_case.client_cpus = "3";
    sample.the_case.duration_ns *= 2;
  }
  EXPECT_THAT(
      compare_studies(test::study_of(crossing_samples(10)), test::study_of(elsewhere)).cases,
      SizeIs(15));
}

TEST(CompareStudies, EnvironmentDifferencesAreNamed) {
  auto b = test::study_of(crossing_samples(10));
  b.environment.facts["kernel"] = "Linux 6.19.1 x86_64";
  b.environment.facts["governor"] = "performance";
  b.environment.facts.erase("cpu_model");
  const auto comparison = compare_studies(test::study_of(crossing_samples(10)), b);
  EXPECT_THAT(comparison.environment.differences,
              ElementsAre(Field(&FactDifference::name, "cpu_model"),
                          Field(&FactDifference::name, "governor"),
                          FactDifference{"kernel", "Linux 6.18.44 x86_64", "Linux 6.19.1 x86_64"}));
}

TEST(CompareStudies, OfAListOnlyTheItemsThatDifferAreNamed) {
  auto a = test::study_of(crossing_samples(4));
  auto b = a;
  a.environment.facts["mitigations"] =
      "l1tf: Not affected; meltdown: Not affected; mds: Vulnerable";
  b.environment.facts["mitigations"] =
      "mds: Vulnerable; l1tf: Not affected; meltdown: Mitigation: PTI";
  EXPECT_THAT(compare_studies(a, b).environment.differences,
              ElementsAre(FactDifference{"mitigations", "meltdown: Not affected",
                                         "meltdown: Mitigation: PTI"}));
}

TEST(CompareStudies, StudiesOfOneSideThatDifferAmongThemselvesAreNamed) {
  std::vector<StudyData> studies(4, test::study_of(crossing_samples(4)));
  studies[2].environment.facts["kernel"] = "Linux 6.19.1 x86_64";
  const auto comparison = analysis::compare_studies(
      {StudyPair{&studies[0], &studies[1]}, StudyPair{&studies[2], &studies[3]}});
  EXPECT_THAT(comparison.environment.differences,
              ElementsAre(FactDifference{"kernel", "Linux 6.18.44 x86_64 or Linux 6.19.1 x86_64",
                                         "Linux 6.18.44 x86_64"}));
}

}  // namespace
}  // namespace ub::analysis
