#include <gmock/gmock.h>

#include <cerrno>

#include "fake_counters.hpp"
#include "uringbench/base/clock.hpp"
#include "uringbench/base/error.hpp"
#include "uringbench/perf/meters.hpp"

namespace ub::perf {
namespace {

TEST(CpuMeter, SumsItsCpusAndAsksForNoThread) {
  FakeCounters source;
  source.counts["cycles"] = {100, 50, 25};
  const CpuMeter meter({1, 3}, {{"cycles"}}, source);
  ASSERT_EQ(source.targets.size(), 2U);
  EXPECT_EQ(source.targets[0].cpu, 1);
  EXPECT_EQ(source.targets[1].cpu, 3);
  EXPECT_EQ(source.targets[0].tid, -1);
  const Counted sum = std::get<Counted>(meter.read().at("cycles"));
  EXPECT_DOUBLE_EQ(sum.value, 400);
  EXPECT_DOUBLE_EQ(sum.running, 0.5);
}

TEST(CpuMeter, GivesNoSumOverAPartOfTheCpus) {
  FakeCounters source;
  source.failures["cycles"] = EACCES;
  const CpuMeter meter({0, 1}, {{"cycles"}}, source);
  EXPECT_TRUE(std::holds_alternative<Unavailable>(meter.read().at("cycles")));
}

TEST(CpuMeter, CountsContextSwitchesThroughTheKernelWhereARoleUsesGetrusage) {
  FakeCounters source;
  source.counts["context_switches"] = {7, 1, 1};
  const CpuMeter cpus({0}, {{"context_switches"}}, source);
  EXPECT_DOUBLE_EQ(value_or(cpus.read().at("context_switches"), -1), 7);
  source.targets.clear();
  const RoleMeter role({{"context_switches"}}, source);
  EXPECT_TRUE(source.targets.empty());
  EXPECT_TRUE(std::holds_alternative<Counted>(role.read().counters.at("context_switches")));
}

TEST(CounterBoard, LeavesOutATargetThatHasEnded) {
  FakeCounters source;
  source.failures["cycles"] = ESRCH;
  const CounterBoard board(std::vector<std::string>{"cycles"},
                           std::vector<CounterTarget>{{.tid = 1}}, source);
  const Readings readings = board.read();
  EXPECT_THAT(std::get<Unavailable>(readings.at("cycles")).reason,
              ::testing::HasSubstr("never enabled"));
}

TEST(CpuMeterOnThisKernel, SeesAtLeastTheWorkOfThisThread) {
  const CpuMeter meter(allowed_cpus(), {{"context_switches", "cycles"}});
  const Readings before = meter.read();
  const auto* missing = std::get_if<Unavailable>(&before.at("context_switches"));
  if (missing != nullptr) GTEST_SKIP() << missing->reason;
  const RoleMeter role(CounterSelection{.names = {}});
  const double own_before = value_or(role.read().counters.at("context_switches"), 0);
  // Each pause gives up the CPU; one that ends before the thread sleeps would not.
  const timespec pause{.tv_sec = 0, .tv_nsec = 1'000'000};
  for (int i = 0; i < 20; ++i) ::nanosleep(&pause, nullptr);
  const double own = value_or(role.read().counters.at("context_switches"), 0) - own_before;
  EXPECT_GE(own, 20);
  const Readings window = difference(before, meter.read());
  EXPECT_GE(value_or(window.at("context_switches"), 0), own);
}

}  // namespace
}  // namespace ub::perf
