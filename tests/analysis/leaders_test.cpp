#include "uringbench/analysis/leaders.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "support/studies.hpp"
#include "uringbench/analysis/analysis.hpp"

namespace ub::analysis {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using testing::SizeIs;

std::vector<Leaders> leaders_in(const std::vector<Sample>& samples) {
  const StudyData study = test::study_of(samples);
  return analyse(study).leaders;
}

/// So many blocks of some paths of the pthread engine with their rates, and a little noise.
std::vector<Sample> rated(std::uint32_t blocks,
                          const std::vector<std::pair<const char*, double>>& paths,
                          std::uint32_t batch = 1) {
  std::vector<Sample> samples;
  for (std::uint32_t block = 0; block < blocks; ++block) {
    double wobble = 0.01 * (block % 3);
    for (const auto& [path, gbps] : paths) {
      Case c = test::case_of(EngineKind::pthread, path, Family::two_copy, 4096);
      c.batch = batch;
      samples.push_back(test::sample_of(c, gbps * (1 + wobble), block));
      wobble = 0.01 * ((block + 1) % 2);
    }
  }
  return samples;
}

TEST(Leaders, TheFastestLeadsAndIsHeldAgainstTheNext) {
  const auto all = leaders_in(rated(5, {{"gather", 10}, {"two-copy", 20}, {"mmsg", 12}}));
  ASSERT_THAT(all, SizeIs(1));
  EXPECT_THAT(all[0].names, ElementsAre("pthread-two-copy"));
  EXPECT_TRUE(all[0].decided());
  EXPECT_EQ(all[0].next, "pthread-mmsg");
  ASSERT_TRUE(all[0].over_next);
  EXPECT_NEAR(all[0].over_next->value, 20.0 / 12, 0.05);
}

TEST(Leaders, WhatCannotBeToldApartLeadsTogether) {
  const auto all = leaders_in(rated(5, {{"gather", 20.1}, {"two-copy", 20}, {"mmsg", 12}}));
  ASSERT_THAT(all, SizeIs(1));
  EXPECT_THAT(all[0].names, ElementsAre("pthread-gather", "pthread-two-copy"));
  EXPECT_EQ(all[0].next, "pthread-mmsg");
}

TEST(Leaders, EachBatchHasItsOwn) {
  std::vector<Sample> samples = rated(5, {{"gather", 10}, {"two-copy", 20}});
  const auto batched = rated(5, {{"gather", 50}, {"two-copy", 40}}, 64);
  samples.insert(samples.end(), batched.begin(), batched.end());
  const auto all = leaders_in(samples);
  ASSERT_THAT(all, SizeIs(2));
  EXPECT_THAT(all[0].names, ElementsAre("pthread-two-copy"));
  EXPECT_THAT(all[1].names, ElementsAre("pthread-gather"));
  EXPECT_EQ(all[1].example.batch, 64U);
}

TEST(Leaders, OneRepetitionOrOneModeOrAFixedRateSaysNothing) {
  EXPECT_THAT(leaders_in(rated(1, {{"gather", 10}, {"two-copy", 20}})), IsEmpty());
  EXPECT_THAT(leaders_in(rated(5, {{"gather", 10}})), IsEmpty());
  std::vector<Sample> paced = rated(5, {{"gather", 10}, {"two-copy", 20}});
  for (Sample& sample : paced) sample.the_case.rate_per_s = 1000;
  EXPECT_THAT(leaders_in(paced), IsEmpty());
}

TEST(Leaders, AtAFixedRateTheLowestP99Leads) {
  const StudyData study = test::study_of(test::paced_samples(5));
  const Analysis analysis = analyse(study);
  EXPECT_THAT(analysis.leaders, IsEmpty());
  ASSERT_THAT(analysis.load_leaders, SizeIs(1));
  EXPECT_THAT(analysis.load_leaders[0].names, ElementsAre("epoll-two-copy"));
  EXPECT_NEAR(analysis.load_leaders[0].over_next->value, 2, 0.05);
}

}  // namespace
}  // namespace ub::analysis
