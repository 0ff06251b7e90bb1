#include "controls.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <set>

#include "support/kernels.hpp"
#include "uringbench/plan/builder.hpp"
#include "uringbench/plan/schedule.hpp"
#include "uringbench/stats/drift.hpp"

namespace ub::plan {
namespace {

using testing::IsEmpty;
using testing::SizeIs;

std::vector<Case> with_purpose(const Plan& plan, Purpose purpose) {
  std::vector<Case> cases;
  for (const PlannedCase& planned : plan.cases) {
    if (planned.the_case.purpose == purpose) cases.push_back(planned.the_case);
  }
  return cases;
}

Plan repeated(StudyOptions options, std::uint32_t reps = 5) {
  options.reps = reps;
  return build_plan(options, newest_kernel());
}

bool is_in_comparison(const Plan& plan, Case c) {
  c.purpose = Purpose::comparison;
  const auto cases = with_purpose(plan, Purpose::comparison);
  return std::count(cases.begin(), cases.end(), c) == 1;
}

TEST(Controls, TheNoiseArmIsTheFirstModeAgain) {
  StudyOptions options = small_study({"epoll", "pthread"});
  options.factors["size"] = {"64", "4096"};
  const Plan plan = repeated(options);
  const auto noise = with_purpose(plan, Purpose::noise);
  ASSERT_THAT(noise, SizeIs(2));
  for (const Case& c : noise) {
    EXPECT_EQ(mode_name(c), "epoll-two-copy");
    EXPECT_TRUE(is_in_comparison(plan, c)) << c.size_bytes;
  }
}

TEST(Controls, ALargeStudySpreadsItsNoiseArms) {
  StudyOptions options = small_study();
  options.factors["size"] = {"1", "2", "3", "4", "5", "6", "7", "8", "9", "10"};
  std::set<std::uint64_t> sizes;
  for (const Case& c : with_purpose(repeated(options), Purpose::noise)) sizes.insert(c.size_bytes);
  EXPECT_THAT(sizes, testing::ElementsAre(1, 4, 7, 10));
}

TEST(Controls, WhatCannotBeHadAndWhatSendsNothingIsNoControl) {
  StudyOptions options = small_study({"uring-null", "uring-*"});
  options.reps = 3;
  const Plan plan = build_plan(options, kernel_without(uring::Feature::op_splice));
  for (const Purpose purpose : {Purpose::noise, Purpose::sentinel}) {
    for (const Case& c : with_purpose(plan, purpose)) EXPECT_EQ(mode_name(c), "uring-two-copy");
  }
  Plan none = plan;
  std::erase_if(none.cases, [](const PlannedCase& planned) {
    return planned.the_case.purpose != Purpose::comparison;
  });
  for (PlannedCase& planned : none.cases) planned.unavailable = "not here";
  add_controls(none);
  EXPECT_THAT(with_purpose(none, Purpose::noise), IsEmpty());
  EXPECT_THAT(with_purpose(none, Purpose::sentinel), IsEmpty());
}

TEST(Controls, TheSentinelIsBrief) {
  const auto sentinels = with_purpose(repeated(small_study()), Purpose::sentinel);
  ASSERT_THAT(sentinels, SizeIs(1));
  EXPECT_EQ(sentinels[0].duration_ns, 200'000'000U);
  EXPECT_EQ(sentinels[0].warmup_ns, 50'000'000U);
}

TEST(Controls, TwoRepetitionsHaveNone) {
  const Plan plan = repeated(small_study(), 2);
  EXPECT_THAT(with_purpose(plan, Purpose::noise), IsEmpty());
  EXPECT_THAT(with_purpose(plan, Purpose::sentinel), IsEmpty());
  EXPECT_THAT(with_purpose(repeated(small_study(), 3), Purpose::noise), SizeIs(1));
}

std::vector<Slot> whole_schedule(const Plan& plan) {
  std::vector<Slot> slots;
  for (std::uint32_t block = 0; block < plan.reps; ++block) {
    const auto more = block_schedule(plan, block);
    slots.insert(slots.end(), more.begin(), more.end());
  }
  return slots;
}

TEST(Schedule, WithoutASentinelIsTheOrderOfTheBlock) {
  const Plan plan = repeated(small_study({"pthread", "epoll", "uring"}), 2);
  const auto order = block_order(plan, 1);
  const auto slots = block_schedule(plan, 1);
  ASSERT_THAT(slots, SizeIs(order.size()));
  for (std::size_t i = 0; i < slots.size(); ++i) EXPECT_EQ(slots[i], (Slot{order[i], 1, 1}));
}

TEST(Schedule, EveryCaseRunsOnceABlockAndTheSentinelOftenEnough) {
  for (const std::uint32_t reps : {3U, 5U, 8U, 20U}) {
    const Plan plan = repeated(small_study({"pthread", "epoll", "uring"}), reps);
    std::set<std::pair<std::size_t, std::uint32_t>> seen;
    std::size_t sentinels = 0;
    for (const Slot& slot : whole_schedule(plan)) {
      EXPECT_TRUE(seen.insert({slot.position, slot.rep}).second) << "doubled";
      const bool is_sentinel = plan.cases[slot.position].the_case.purpose == Purpose::sentinel;
      if (is_sentinel) ++sentinels;
    }
    EXPECT_EQ(seen.size() - sentinels, (plan.cases.size() - 1) * reps);
    EXPECT_GE(sentinels, stats::kFewestSentinels);
    EXPECT_LT(sentinels, stats::kFewestSentinels + reps);
  }
}

TEST(Schedule, SentinelsStandApart) {
  StudyOptions options = small_study();
  options.factors["size"] = {"1", "2", "3", "4", "5", "6", "7", "8", "9"};
  const Plan plan = repeated(options, 4);  // two sentinels a block
  const auto slots = block_schedule(plan, 2);
  std::vector<std::size_t> places;
  for (std::size_t i = 0; i < slots.size(); ++i) {
    if (plan.cases[slots[i].position].the_case.purpose == Purpose::sentinel) places.push_back(i);
  }
  EXPECT_THAT(places, testing::ElementsAre(0, slots.size() / 2));
}

TEST(Schedule, ManySentinelsInAStudyOfOneCaseAllRun) {
  Plan plan;
  plan.reps = 3;
  plan.cases.resize(1);
  plan.cases[0].the_case.purpose = Purpose::sentinel;
  EXPECT_THAT(block_schedule(plan, 0), SizeIs(3));
}

}  // namespace
}  // namespace ub::plan
