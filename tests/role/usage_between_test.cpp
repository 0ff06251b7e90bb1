#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "role_meters.hpp"
#include "uringbench/perf/accounting.hpp"

namespace ub::role {
namespace {

using testing::HasSubstr;

constexpr std::uint64_t kSecond = 1'000'000'000;

RoleUsage totals(std::uint64_t cpu_ns) {
  RoleUsage usage;
  usage.cpu_ns = cpu_ns;
  return usage;
}

TEST(UsageBetween, SubtractsWhatBothTotalsHave) {
  RoleUsage before = totals(100);
  RoleUsage after = totals(350);
  before.run_queue = RunQueueTimes{10, 20, 1};
  after.run_queue = RunQueueTimes{110, 25, 4};
  const RoleUsage window = perf::usage_between(before, after);
  EXPECT_EQ(window.cpu_ns, 250U);
  EXPECT_EQ(std::get<RunQueueTimes>(*window.run_queue), (RunQueueTimes{100, 5, 3}));
  EXPECT_FALSE(window.cpus);
  EXPECT_FALSE(window.tsc_cycles_estimate);
}

TEST(UsageBetween, GivesNoTimesOfThreadsThatEndedMeanwhile) {
  RoleUsage before = totals(0);
  RoleUsage after = totals(0);
  before.run_queue = RunQueueTimes{10, 20, 5};
  after.run_queue = RunQueueTimes{110, 25, 4};
  const RoleUsage window = perf::usage_between(before, after);
  EXPECT_THAT(std::get<Unavailable>(*window.run_queue).reason, HasSubstr("ended"));
}

TEST(UsageBetween, EstimatesCyclesByTheTscsOwnRate) {
  RoleUsage before = totals(0);
  RoleUsage after = totals(kSecond / 2);
  before.tsc = TscPoint{.tsc = 1000, .time_ns = kSecond};
  after.tsc = TscPoint{.tsc = 3'000'001'000, .time_ns = 2 * kSecond};
  const RoleUsage window = perf::usage_between(before, after);
  EXPECT_DOUBLE_EQ(std::get<TscCyclesEstimate>(*window.tsc_cycles_estimate).value, 1.5e9);
  EXPECT_FALSE(window.tsc) << "a window has no point of time";
}

TEST(UsageBetween, KeepsTheReasonOfWhicheverTotalHasNone) {
  RoleUsage before = totals(0);
  RoleUsage after = totals(0);
  before.tsc = TscPoint{};
  after.tsc = Unavailable{"gone"};
  before.cpus = CpuUsage{.cpus = "1", .times = Unavailable{"offline"}};
  after.cpus = CpuUsage{.cpus = "1", .times = CpuTimes{}};
  const RoleUsage window = perf::usage_between(before, after);
  EXPECT_EQ(std::get<Unavailable>(*window.tsc_cycles_estimate).reason, "gone");
  EXPECT_EQ(std::get<Unavailable>(window.cpus->times).reason, "offline");
}

TEST(RoleMeters, ReadsThisProcessAndItsCpus) {
  const RoleMeters meters({.names = {"task_clock"}}, format_cpu_list(allowed_cpus()));
  const RoleUsage usage = meters.read();
  EXPECT_GT(usage.cpu_ns, 0U);
  ASSERT_TRUE(usage.cpus);
  EXPECT_EQ(usage.cpus->cpus, format_cpu_list(allowed_cpus()));
  EXPECT_TRUE(std::holds_alternative<CpuTimes>(usage.cpus->times));
  EXPECT_TRUE(usage.cpus->counters.contains("task_clock"));
  EXPECT_TRUE(usage.run_queue);
  EXPECT_TRUE(usage.tsc);
}

}  // namespace
}  // namespace ub::role
