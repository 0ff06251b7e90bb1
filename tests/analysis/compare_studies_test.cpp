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

TEST(CompareStudies, OneBuildMeasuredTwiceIsTheSame) {
  // Blocks of the second study wobble differently: it begins where the first ended.
  auto again = crossing_samples(20);
  again.erase(again.begin(), again.begin() + static_cast<std::ptrdiff_t>(again.size() / 2));
  const auto comparison = compare_studies(test::study_of(crossing_samples(10)),
                                          test::study_of(again), {.min_effect = 0.05});
  EXPECT_THAT(verdicts_of(comparison), AllOf(SizeIs(15), Each(Verdict::same)));
  EXPECT_EQ(outcome_of(comparison), CompareOutcome::not_slower);
  EXPECT_THAT(comparison.environment, IsEmpty());
}

TEST(CompareStudies, ASlowerBuildIsSlowerAndAFasterOneFaster) {
  const auto a = test::study_of(crossing_samples(10));
  const auto slower = compare_studies(a, test::study_of(scaled_samples(crossing_samples(10), 0.8)));
  EXPECT_THAT(verdicts_of(slower), Each(Verdict::slower));
  EXPECT_EQ(outcome_of(slower), CompareOutcome::slower);
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

TEST(CompareStudies, ThreeRepetitionsGiveNothing) {
  const auto a = test::study_of(crossing_samples(3));
  EXPECT_EQ(outcome_of(compare_studies(a, a)), CompareOutcome::nothing);
}

TEST(CompareStudies, NothingInCommonIsNothing) {
  const auto comparison =
      compare_studies(test::study_of(crossing_samples(10)), test::study_of(verdict_samples(10)));
  EXPECT_EQ(outcome_of(comparison), CompareOutcome::not_slower) << "both have uring-two-copy at 4K";
  const auto apart = compare_studies(test::study_of({}), test::study_of(verdict_samples(10)));
  EXPECT_EQ(outcome_of(apart), CompareOutcome::nothing);
  EXPECT_THAT(apart.only_b, SizeIs(5));
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
  EXPECT_THAT(comparison.environment,
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
  EXPECT_THAT(compare_studies(a, b).environment,
              ElementsAre(FactDifference{"mitigations", "meltdown: Not affected",
                                         "meltdown: Mitigation: PTI"}));
}

}  // namespace
}  // namespace ub::analysis
