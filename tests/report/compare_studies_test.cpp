#include "uringbench/report/compare_studies.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "fixtures.hpp"
#include "golden.hpp"
#include "study_fixture.hpp"

namespace ub::report {
namespace {

using stats::Verdict;
using testing::AllOf;
using testing::Each;
using testing::ElementsAre;
using testing::Field;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;

record::Recording recording_of(std::vector<Sample> samples) {
  return {.environment = environment(),
          .later_environments = {},
          .plan = std::nullopt,
          .samples = std::move(samples),
          .torn = std::nullopt};
}

std::vector<Verdict> verdicts_of(const StudyComparison& comparison) {
  std::vector<Verdict> verdicts;
  for (const ComparedCase& each : comparison.cases) verdicts.push_back(each.result.verdict);
  return verdicts;
}

TEST(CompareStudies, OneBuildMeasuredTwiceIsTheSame) {
  // Blocks of the second study wobble differently: it begins where the first ended.
  auto again = crossing_samples(20);
  again.erase(again.begin(), again.begin() + static_cast<std::ptrdiff_t>(again.size() / 2));
  const auto comparison = compare_studies(recording_of(crossing_samples(10)), recording_of(again),
                                          {.min_effect = 0.05});
  EXPECT_THAT(verdicts_of(comparison), AllOf(SizeIs(15), Each(Verdict::same)));
  EXPECT_EQ(outcome_of(comparison), CompareOutcome::not_slower);
  EXPECT_THAT(comparison.environment, IsEmpty());
}

TEST(CompareStudies, ASlowerBuildIsSlowerAndAFasterOneFaster) {
  const auto a = recording_of(crossing_samples(10));
  const auto slower = compare_studies(a, recording_of(scaled_samples(crossing_samples(10), 0.8)));
  EXPECT_THAT(verdicts_of(slower), Each(Verdict::slower));
  EXPECT_EQ(outcome_of(slower), CompareOutcome::slower);
  const auto faster = compare_studies(a, recording_of(scaled_samples(crossing_samples(10), 1.2)));
  EXPECT_THAT(verdicts_of(faster), Each(Verdict::faster));
  EXPECT_NEAR(faster.cases.front().result.ratio->value, 1.2, 1e-9);
}

TEST(CompareStudies, CpuIsACostSoLessIsFaster) {
  auto cheaper = crossing_samples(10);
  for (Sample& sample : cheaper) sample.server.cpu_ns /= 2;
  const auto comparison = compare_studies(recording_of(crossing_samples(10)), recording_of(cheaper),
                                          {.objective = Objective::server_cpu});
  EXPECT_THAT(verdicts_of(comparison), Each(Verdict::faster));
}

TEST(CompareStudies, ThreeRepetitionsGiveNothing) {
  const auto a = recording_of(crossing_samples(3));
  EXPECT_EQ(outcome_of(compare_studies(a, a)), CompareOutcome::nothing);
}

TEST(CompareStudies, NothingInCommonIsNothing) {
  const auto comparison =
      compare_studies(recording_of(crossing_samples(10)), recording_of(verdict_samples(10)));
  EXPECT_EQ(outcome_of(comparison), CompareOutcome::not_slower) << "both have uring-two-copy at 4K";
  const auto apart = compare_studies(recording_of({}), recording_of(verdict_samples(10)));
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
  EXPECT_THAT(compare_studies(recording_of(crossing_samples(10)), recording_of(elsewhere)).cases,
              SizeIs(15));
}

TEST(CompareStudies, EnvironmentDifferencesAreNamed) {
  auto b = recording_of(crossing_samples(10));
  b.environment.facts["kernel"] = "Linux 6.19.1 x86_64";
  b.environment.facts["governor"] = "performance";
  b.environment.facts.erase("cpu_model");
  const auto comparison = compare_studies(recording_of(crossing_samples(10)), b);
  EXPECT_THAT(comparison.environment,
              ElementsAre(Field(&FactDifference::name, "cpu_model"),
                          Field(&FactDifference::name, "governor"),
                          FactDifference{"kernel", "Linux 6.18.44 x86_64", "Linux 6.19.1 x86_64"}));
}

TEST(CompareStudies, OfAListOnlyTheItemsThatDifferAreNamed) {
  auto a = recording_of(crossing_samples(4));
  auto b = a;
  a.environment.facts["mitigations"] =
      "l1tf: Not affected; meltdown: Not affected; mds: Vulnerable";
  b.environment.facts["mitigations"] =
      "mds: Vulnerable; l1tf: Not affected; meltdown: Mitigation: PTI";
  EXPECT_THAT(compare_studies(a, b).environment,
              ElementsAre(FactDifference{"mitigations", "meltdown: Not affected",
                                         "meltdown: Mitigation: PTI"}));
}

TEST(CompareStudies, Golden) {
  auto samples = scaled_samples(verdict_samples(10), 1.0);
  for (Sample& sample : samples) {
    const bool gather = sample.the_case.path == "gather";
    const bool epoll = sample.the_case.engine == EngineKind::epoll;
    const double factor = gather ? 1.3 : epoll ? 0.7 : 1.0;
    sample.message_rate *= factor;
  }
  std::erase_if(samples,
                [](const Sample& sample) { return sample.the_case.engine == EngineKind::uring; });
  auto b = recording_of(samples);
  b.environment.facts["kernel"] = "Linux 6.19.1 x86_64";
  expect_golden("compare.txt",
                comparison_text(compare_studies(recording_of(verdict_samples(10)), b)));
}

}  // namespace
}  // namespace ub::report
