#include "uringbench/analysis/matrix.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "support/studies.hpp"

namespace ub::analysis {
namespace {

using testing::Contains;
using testing::ElementsAre;
using testing::Field;
using testing::HasSubstr;
using testing::IsEmpty;

StudyData on_kernel(std::vector<Sample> samples, const std::string& release,
                    const std::string& features) {
  StudyData study = test::study_of(std::move(samples));
  study.environment.facts["kernel"] = "Linux " + release + " x86_64";
  study.environment.facts["cpu_model"] = "Example 9000";
  study.environment.facts["io_uring_features"] = features;
  return study;
}

StudyData emulated(StudyData study) {
  study.environment.facts["hypervisor"] = "emulation (QEMU TCG)";
  return study;
}

constexpr std::uint64_t kSize = 4096;

/// uring-send-zc, of whose 1000 sends so many were really not copied.
std::vector<Sample> send_zc(std::uint64_t real, double completions = 2) {
  std::vector<Sample> samples;
  for (std::uint32_t rep = 0; rep < 2; ++rep) {
    Sample sample = test::sample_of(
        test::case_of(EngineKind::uring, "send-zc", Family::zero_copy, kSize), 10, rep);
    sample.zero_copy = test::zero_copy_counts(real, 1000 - real, 0);
    sample.sends.completions =
        static_cast<std::uint64_t>(completions * static_cast<double>(sample.sends.operations));
    samples.push_back(sample);
  }
  return samples;
}

TEST(Facts, WhereTimesMeanNothingNoWayIsFaster) {
  const StudyData study = emulated(test::study_of(test::crossing_samples(8)));
  const Analysis analysis = analyse(study);
  EXPECT_THAT(analysis.facts_only, ElementsAre(HasSubstr("QEMU TCG")));
  EXPECT_THAT(analysis.leaders, IsEmpty());
  EXPECT_THAT(analysis.crossovers, IsEmpty());
  for (const Group& group : analysis.groups) {
    EXPECT_FALSE(group.baseline);
    for (const Row& row : group.rows) EXPECT_FALSE(row.against_baseline);
  }
}

TEST(Facts, ComparedWithoutSpeeds) {
  const StudyData a = emulated(test::study_of(send_zc(1000)));
  const StudyData b = emulated(test::study_of(test::scaled_samples(send_zc(390), 0.5)));
  const StudyComparison comparison = compare_studies({{&a, &b}});
  EXPECT_EQ(outcome_of(comparison), CompareOutcome::facts_only);
  EXPECT_THAT(comparison.cases, IsEmpty());
  EXPECT_EQ(comparison.facts.cases, 1U);
  ASSERT_EQ(comparison.facts.changes.size(), 1U);
  EXPECT_EQ(comparison.facts.changes[0].fact, "copied");
  EXPECT_EQ(comparison.facts.changes[0].a, "real 100%");
  EXPECT_EQ(comparison.facts.changes[0].b, "real 39%, copied 61%");
}

TEST(Facts, ThatAreAlikeAreNoChange) {
  const StudyData a = emulated(test::study_of(send_zc(1000)));
  const StudyData b = emulated(test::study_of(test::scaled_samples(send_zc(998, 2.1), 0.5)));
  EXPECT_THAT(compare_studies({{&a, &b}}).facts.changes, IsEmpty());
}

TEST(Facts, ANumberThatIsBeyondItsRepetitionsIsAChange) {
  const StudyData a = test::study_of(send_zc(1000, 2));
  const StudyData b = test::study_of(send_zc(1000, 1));
  EXPECT_THAT(compare_studies({{&a, &b}}).facts.changes,
              ElementsAre(Field(&FactChange::fact, "completions per operation")));
}

TEST(Matrix, AChangeIsExplainedByAFeatureThatDiffers) {
  const StudyData old = on_kernel(send_zc(1000), "6.1.0-53-amd64", "io_uring_setup");
  const StudyData mid = on_kernel(send_zc(390), "6.12.9", "io_uring_setup");
  const StudyData same = on_kernel(send_zc(390), "6.1.0-54-amd64", "io_uring_setup");
  const Matrix matrix = matrix_of({{"6.1", &old}, {"6.12", &mid}, {"also 6.1", &same}});
  ASSERT_EQ(matrix.changes.size(), 2U);
  EXPECT_EQ(matrix.changes[0].study, 1U);
  EXPECT_THAT(matrix.changes[0].explained_by, ElementsAre("joined notifications of SEND_ZC"));
  EXPECT_EQ(matrix.changes[1].study, 2U);
  EXPECT_THAT(matrix.changes[1].explained_by, IsEmpty()) << "the kernels offer the same";
}

TEST(Matrix, AWayThatOneKernelHasNot) {
  const Case bundle = test::case_of(EngineKind::uring, "bundle", Family::one_copy, kSize);
  const StudyData old =
      on_kernel({test::failed_sample(bundle, Status::unavailable, "needs IORING_RECVSEND_BUNDLE")},
                "6.1.0", "io_uring_setup");
  const StudyData now = on_kernel({test::sample_of(bundle, 10)}, "6.12.0",
                                  "io_uring_setup, IORING_RECVSEND_BUNDLE (send)");
  const Matrix matrix = matrix_of({{"old", &old}, {"new", &now}});
  ASSERT_EQ(matrix.changes.size(), 1U);
  EXPECT_EQ(matrix.changes[0].change.fact, "available");
  EXPECT_EQ(matrix.changes[0].change.a, "no: needs IORING_RECVSEND_BUNDLE");
  EXPECT_THAT(matrix.changes[0].explained_by, ElementsAre("IORING_RECVSEND_BUNDLE (send)"));
  EXPECT_THAT(matrix.features,
              Contains(testing::AllOf(Field(&MatrixFeature::name, "IORING_RECVSEND_BUNDLE (send)"),
                                      Field(&MatrixFeature::studies, ElementsAre(false, true)))));
}

TEST(Matrix, WinnersAndThresholdsOfEveryStudyThatHasSpeeds) {
  const StudyData a = on_kernel(test::crossing_samples(8), "6.12.0", "io_uring_setup");
  const StudyData b = emulated(on_kernel(test::crossing_samples(8), "6.12.0", "io_uring_setup"));
  const Matrix matrix = matrix_of({{"real", &a}, {"emulated", &b}});
  ASSERT_FALSE(matrix.places.empty());
  for (const MatrixPlace& place : matrix.places) {
    EXPECT_EQ(place.studies[0].leaders.front(), "uring-fixed") << place.title;
    EXPECT_TRUE(place.studies[0].over_baseline) << place.title;
    EXPECT_EQ(place.studies[1].unknown, "facts only");
  }
  ASSERT_FALSE(matrix.thresholds.empty());
  EXPECT_TRUE(matrix.thresholds[0].studies[0]);
  EXPECT_FALSE(matrix.thresholds[0].studies[1]);
  EXPECT_THAT(matrix.studies[0].apart, IsEmpty());
  EXPECT_THAT(matrix.studies[1].apart, Contains(HasSubstr("facts only")));
}

TEST(Matrix, SpeedsOfAnotherMachineAndWithoutANoiseFloorAreNotSetAgainstEachOther) {
  const StudyData a = on_kernel(test::verdict_samples(8), "6.12.0", "io_uring_setup");
  StudyData b =
      on_kernel(test::scaled_samples(test::verdict_samples(8), 0.5), "6.12.0", "io_uring_setup");
  EXPECT_THAT(matrix_of({{"a", &a}, {"b", &b}}).speed_changes, IsEmpty())
      << "nothing was measured twice";
  b.environment.facts["cpu_model"] = "Another CPU";
  EXPECT_THAT(matrix_of({{"a", &a}, {"b", &b}}).studies[1].apart,
              Contains(HasSubstr("another machine")));
}

TEST(Matrix, OnlySettingsThatDifferStandThere) {
  StudyData a = on_kernel(send_zc(1000), "6.1.0", "");
  StudyData b = on_kernel(send_zc(1000), "6.1.0", "");
  a.environment.facts["optmem_max"] = "20480";
  b.environment.facts["optmem_max"] = "131072";
  b.environment.facts["load_average"] = "9 9 9";
  const Matrix matrix = matrix_of({{"a", &a}, {"b", &b}});
  ASSERT_EQ(matrix.settings.size(), 1U);
  EXPECT_EQ(matrix.settings[0].name, "optmem_max");
  EXPECT_THAT(matrix.settings[0].studies, ElementsAre("20480", "131072"));
}

TEST(Matrix, AtAFixedRateAPlaceHasTheWayWithTheLowestP99) {
  const StudyData a = on_kernel(test::paced_samples(5), "6.1", "io_uring_setup");
  const StudyData b = on_kernel(test::paced_samples(5), "6.12", "io_uring_setup");
  const Matrix matrix = matrix_of({{"a", &a}, {"b", &b}});
  ASSERT_EQ(matrix.places.size(), 1U);
  for (const MatrixWinner& winner : matrix.places[0].studies) {
    EXPECT_EQ(winner.unknown, "");
    EXPECT_THAT(winner.leaders, ElementsAre("epoll-two-copy"));
    ASSERT_TRUE(winner.over_baseline);
    EXPECT_NEAR(winner.over_baseline->value, 2, 0.05);
  }
}

}  // namespace
}  // namespace ub::analysis
