#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>

#include "support/kernels.hpp"
#include "uringbench/base/affinity.hpp"
#include "uringbench/base/error.hpp"
#include "uringbench/model/factor.hpp"
#include "uringbench/path/registry.hpp"
#include "uringbench/plan/builder.hpp"

namespace ub::plan {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

std::vector<PlannedCase> with_purpose(const Plan& plan, Purpose purpose) {
  std::vector<PlannedCase> cases;
  std::copy_if(plan.cases.begin(), plan.cases.end(), std::back_inserter(cases),
               [&](const PlannedCase& each) { return each.the_case.purpose == purpose; });
  return cases;
}

std::vector<PlannedCase> comparison(const StudyOptions& options) {
  return with_purpose(build_plan(options, newest_kernel()), Purpose::comparison);
}

std::vector<std::string> harness_modes(const std::vector<std::string>& modes,
                                       const uring::Probe& probe = newest_kernel()) {
  std::vector<std::string> names;
  const Plan plan = build_plan(small_study(modes), probe);
  for (const PlannedCase& planned : with_purpose(plan, Purpose::harness)) {
    names.push_back(mode_name(planned.the_case));
  }
  return names;
}

Case bundle_of(std::uint64_t size_bytes) {
  StudyOptions options = small_study({"uring-bundle"});
  options.factors["size"] = {std::to_string(size_bytes)};
  return comparison(options).front().the_case;
}

TEST(BuildPlan, OnlyPathsWithNotificationsDifferInThem) {
  StudyOptions options = small_study({"pthread-two-copy", "uring-send-zc"});
  options.factors["size"] = {"4096"};
  options.factors["notify"] = {"each", "ring:4"};
  std::vector<std::string> arms;
  for (const PlannedCase& planned : comparison(options))
    arms.push_back(variant_name(planned.the_case));
  EXPECT_THAT(arms, ElementsAre("pthread-two-copy", "uring-send-zc+each", "uring-send-zc+ring:4"));
}

std::vector<std::string> modes_and_batches(const StudyOptions& options) {
  std::vector<std::string> names;
  for (const PlannedCase& planned : comparison(options)) {
    names.push_back(mode_name(planned.the_case) + " x" + std::to_string(planned.the_case.batch));
  }
  return names;
}

TEST(BuildPlan, WhatBatchesByItselfHasARowOfTheFirstModeWithItsBatch) {
  StudyOptions options = small_study({"pthread-two-copy", "epoll-two-copy", "uring-bundle"});
  options.factors["size"] = {"4096"};
  options.equal_batches = true;
  EXPECT_THAT(modes_and_batches(options), ElementsAre("pthread-two-copy x1", "epoll-two-copy x1",
                                                      "uring-bundle x64", "pthread-two-copy x64"));
  options.factors["batch"] = {"8"};
  EXPECT_THAT(modes_and_batches(options),
              ElementsAre("pthread-two-copy x8", "epoll-two-copy x8", "uring-bundle x8"));
}

TEST(BuildPlan, AFirstModeThatBatchesIsMeasuredWithTheOthersBatchToo) {
  StudyOptions options = small_study({"uring-bundle", "epoll-two-copy"});
  options.factors["size"] = {"4096"};
  options.equal_batches = true;
  EXPECT_THAT(modes_and_batches(options),
              ElementsAre("uring-bundle x64", "epoll-two-copy x1", "uring-bundle x1"));
}

TEST(BuildPlan, AFurtherComparisonIsTheSameButForWhatItNames) {
  StudyOptions options = small_study({"pthread-two-copy"});
  options.factors["size"] = {"64", "4096"};
  options.also = {{.modes = {"pthread-two-copy", "uring-two-copy"},
                   .factors = {{"size", {"64"}}, {"link", {"sink"}}}},
                  {.modes = {"pthread-two-copy"}, .factors = {}}};  // which is there already
  std::vector<std::string> names;
  for (const PlannedCase& planned : comparison(options)) {
    const Case& c = planned.the_case;
    names.push_back(fmt::format("{} {} {}", mode_name(c), c.size_bytes, to_text(c.link)));
  }
  EXPECT_THAT(names, ElementsAre("pthread-two-copy 64 loopback", "pthread-two-copy 4096 loopback",
                                 "pthread-two-copy 64 sink", "uring-two-copy 64 sink"));
}

TEST(BuildPlan, ProfilesEachCaseOnceMoreButNoHarness) {
  StudyOptions options = small_study({"pthread", "uring"});
  EXPECT_THAT(with_purpose(build_plan(options, newest_kernel()), Purpose::profile), IsEmpty());
  options.profile = ProfileScope::role;
  const Plan plan = build_plan(options, newest_kernel());
  const auto compared = with_purpose(plan, Purpose::comparison);
  auto profiled = with_purpose(plan, Purpose::profile);
  ASSERT_EQ(profiled.size(), compared.size());
  for (std::size_t i = 0; i < profiled.size(); ++i) {
    profiled[i].the_case.purpose = Purpose::comparison;
    EXPECT_EQ(profiled[i].the_case, compared[i].the_case);
  }
  EXPECT_EQ(with_purpose(plan, Purpose::harness).size(), 2U);
}

TEST(BuildPlan, IsTheProductOfAllFactors) {
  StudyOptions options = small_study({"pthread", "uring"});
  options.factors["size"] = {"64", "4096"};
  options.factors["clients"] = {"1", "8"};
  options.reps = 5;
  options.seed = 42;
  const Plan plan = build_plan(options, newest_kernel());
  EXPECT_EQ(plan.reps, 5U);
  EXPECT_EQ(plan.seed, 42U);
  const auto cases = with_purpose(plan, Purpose::comparison);
  ASSERT_EQ(cases.size(), 8U);
  for (std::size_t i = 0; i < cases.size(); ++i) {
    const Case& c = cases[i].the_case;
    EXPECT_EQ(c.engine, i % 2 == 0 ? EngineKind::pthread : EngineKind::uring);
    EXPECT_EQ(c.size_bytes, i / 2 % 2 == 0 ? 64U : 4096U);
    EXPECT_EQ(c.clients, i / 4 == 0 ? 1U : 8U);
    EXPECT_THAT(cases[i].unavailable, IsEmpty());
  }
}

TEST(BuildPlan, ACaseHoldsWhatWasAsked) {
  StudyOptions options = small_study({"epoll-gather"});
  options.factors["batch"] = {"3"};
  options.factors["fields"] = {"5"};
  options.factors["duration"] = {"2000000000ns"};
  options.factors["warmup"] = {"7ns"};
  options.factors["nodelay"] = {"on"};
  options.factors["congestion"] = {"reno"};
  options.factors["send-buffer"] = {"65536"};
  options.factors["receive-buffer"] = {"32768"};
  options.factors["client-lowat"] = {"100"};
  options.factors["verify"] = {"on"};
  const Case c = comparison(options).front().the_case;
  EXPECT_EQ(c.path, "gather");
  EXPECT_EQ(c.family, Family::one_copy);
  EXPECT_EQ(c.batch, 3U);
  EXPECT_EQ(c.fields, 5U);
  EXPECT_EQ(c.duration_ns, 2'000'000'000U);
  EXPECT_EQ(c.warmup_ns, 7U);
  EXPECT_EQ(c.nodelay, Switch::on);
  EXPECT_EQ(c.congestion, "reno");
  EXPECT_EQ(c.send_buffer_bytes, 65536U);
  EXPECT_EQ(c.receive_buffer_bytes, 32768U);
  EXPECT_EQ(c.client_lowat_bytes, 100U);
  EXPECT_EQ(c.verify, Switch::on);
}

TEST(BuildPlan, TheRolesStandFarApartUnlessTold) {
  const CpuList allowed = allowed_cpus();
  const Case c = comparison(small_study()).front().the_case;
  EXPECT_EQ(c.server_cpus, std::to_string(allowed.back()));
  EXPECT_EQ(c.client_cpus, std::to_string(allowed.front()));
  StudyOptions options = small_study();
  options.factors["server-cpus"] = {format_cpu_list({allowed.front()})};
  EXPECT_EQ(comparison(options).front().the_case.server_cpus, std::to_string(allowed.front()));
}

TEST(BuildPlan, OnlyBundleBatchesByItselfAndOnlyUpTo256K) {
  EXPECT_EQ(bundle_of(64).batch, 64U);
  EXPECT_EQ(bundle_of(4096).batch, 64U);
  EXPECT_EQ(bundle_of(4097).batch, 63U);
  EXPECT_EQ(bundle_of(64U << 10U).batch, 4U);
  EXPECT_EQ(bundle_of(1U << 20U).batch, 1U);
  EXPECT_EQ(comparison(small_study()).front().the_case.batch, 1U);
}

TEST(BuildPlan, TheWorkingSetIsTheSameForEveryModeOfASize) {
  for (const std::uint64_t size : {1U, 64U, 3000U, 5000U, 65536U, 100'000U, 16U << 20U}) {
    StudyOptions options = small_study({"all"});
    options.factors["size"] = {std::to_string(size)};
    const std::uint64_t expected = bundle_of(size).working_set_bytes;
    for (const PlannedCase& planned : comparison(options)) {
      const Case& c = planned.the_case;
      EXPECT_EQ(c.working_set_bytes, expected) << mode_name(c);
      EXPECT_EQ(c.working_set_bytes % (c.batch * c.size_bytes), 0U) << "whole batches";
      EXPECT_GE(c.working_set_bytes, 4 * c.batch * c.size_bytes) << "at least four operations";
    }
  }
}

TEST(BuildPlan, TheWorkingSetIsTheOneAskedForWhereThatIsWholeBatches) {
  StudyOptions options = small_study();
  options.factors["size"] = {"4096"};
  options.factors["working-set"] = {"8388608"};
  EXPECT_EQ(comparison(options).front().the_case.working_set_bytes, 8U << 20U);
}

TEST(BuildPlan, TooManyIovecsAreUnavailableForTheModesThatUseThem) {
  StudyOptions options = small_study({"pthread-two-copy", "pthread-gather", "uring-sendmsg-zc"});
  options.factors["batch"] = {"129"};  // of 8 fields: 1032 iovecs
  const auto cases = comparison(options);
  EXPECT_THAT(cases[0].unavailable, IsEmpty());
  EXPECT_EQ(
      cases[1].unavailable,
      "--batch 129 of --fields 8 are 1032 iovecs, and gather takes 1024 an operation; it may be "
      "128 at most");
  EXPECT_THAT(cases[2].unavailable, HasSubstr("sendmsg-zc takes 1024"));
  options.factors["batch"] = {"128"};
  for (const PlannedCase& planned : comparison(options))
    EXPECT_THAT(planned.unavailable, IsEmpty());
}

TEST(BuildPlan, AnOperationLargerThan256MIsUnavailable) {
  StudyOptions options = small_study();
  options.factors["batch"] = {"17"};
  options.factors["size"] = {"64", "16777216"};
  const auto cases = comparison(options);
  EXPECT_THAT(cases[0].unavailable, IsEmpty());
  EXPECT_EQ(cases[1].unavailable,
            "--batch 17 of --size 16M is more than 256M an operation; it may be 16 at most");
  options.factors["batch"] = {"16"};
  EXPECT_THAT(comparison(options)[1].unavailable, IsEmpty());
}

TEST(BuildPlan, OptionsThatRuleOutEveryCaseAreRefused) {
  StudyOptions options = small_study({"*-gather"});
  options.factors["batch"] = {"1024"};
  EXPECT_THROW((void)build_plan(options, newest_kernel()), UsageError);
}

TEST(BuildPlan, WhatTheKernelLacksStaysInWithItsReason) {
  const Plan plan = build_plan(small_study({"all"}), kernel_without(uring::Feature::op_splice));
  for (const PlannedCase& planned : plan.cases) {
    const bool lacking = mode_name(planned.the_case) == "uring-sendfile";
    EXPECT_EQ(!planned.unavailable.empty(), lacking) << mode_name(planned.the_case);
  }
}

TEST(Harness, EachEngineThatTakesPartIsPricedAtTheEnd) {
  EXPECT_THAT(harness_modes({"pthread"}), ElementsAre("pthread-null"));
  EXPECT_THAT(harness_modes({"uring", "epoll", "uring-fixed"}),
              ElementsAre("epoll-null", "uring-null"));
  const Plan plan = build_plan(small_study({"uring"}), newest_kernel());
  EXPECT_EQ(plan.cases.back().the_case.purpose, Purpose::harness);
}

TEST(Harness, ANullPathThatWasAskedForIsThePrice) {
  EXPECT_THAT(harness_modes({"all"}), IsEmpty());
  EXPECT_THAT(harness_modes({"uring", "uring-null", "pthread"}), ElementsAre("pthread-null"));
}

TEST(Harness, AnEngineThatCannotBeHadHasNoPrice) {
  EXPECT_THAT(harness_modes({"default"}, kernel_that_forbids_io_uring()),
              ElementsAre("pthread-null", "epoll-null"));
}

TEST(Harness, ThePriceIsAskedForBriefly) {
  StudyOptions options = small_study();
  options.factors["size"] = {"4096", "64"};
  options.factors["clients"] = {"8"};
  options.factors["batch"] = {"16"};
  options.factors["verify"] = {"on"};
  const Case c = build_plan(options, newest_kernel()).cases.back().the_case;
  EXPECT_EQ(c.path, "null");
  EXPECT_EQ(c.size_bytes, 4096U) << "the first size";
  EXPECT_EQ(c.clients, 1U);
  EXPECT_EQ(c.batch, 1U);
  EXPECT_EQ(c.verify, Switch::off);
  EXPECT_EQ(c.duration_ns, 200'000'000U);
  EXPECT_EQ(c.warmup_ns, 50'000'000U);
  options.factors["duration"] = {"20000000ns"};
  options.factors["warmup"] = {"0ns"};
  const Case brief = build_plan(options, newest_kernel()).cases.back().the_case;
  EXPECT_EQ(brief.duration_ns, 20'000'000U) << "never longer than the study's own";
  EXPECT_EQ(brief.warmup_ns, 0U);
}

}  // namespace
}  // namespace ub::plan
