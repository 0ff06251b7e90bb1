#include <gmock/gmock.h>

#include "uringbench/perf/accounting.hpp"

namespace ub::perf {
namespace {

using ::testing::HasSubstr;

constexpr std::string_view kStat =
    "cpu  330 6 660 9900 30 6 60 9 40 0\n"
    "cpu0 100 1 200 3000 10 2 20 3 40 0\n"
    "cpu1 110 2 220 3300 10 2 20 3 0 0\n"
    "cpu11 120 3 240 3600 10 2 20 3 0 0\n"
    "intr 123 0 9\n";
constexpr std::uint64_t kTick = 10'000'000;

CpuTimes times(const std::variant<CpuTimes, Unavailable>& parsed) {
  return std::get<CpuTimes>(parsed);
}

TEST(ParseCpuTimes, ReadsOneCpuWithoutCountingGuestsTwice) {
  const CpuTimes cpu0 = times(parse_cpu_times(kStat, {0}, 100));
  EXPECT_EQ(cpu0.user_ns, 101 * kTick);
  EXPECT_EQ(cpu0.system_ns, 200 * kTick);
  EXPECT_EQ(cpu0.idle_ns, 3010 * kTick);
  EXPECT_EQ(cpu0.irq_ns, 2 * kTick);
  EXPECT_EQ(cpu0.softirq_ns, 20 * kTick);
  EXPECT_EQ(cpu0.steal_ns, 3 * kTick);
}

TEST(ParseCpuTimes, SumsAListAndTellsCpu1FromCpu11) {
  EXPECT_EQ(times(parse_cpu_times(kStat, {0, 1}, 100)).system_ns, 420 * kTick);
  EXPECT_EQ(times(parse_cpu_times(kStat, {1}, 100)).system_ns, 220 * kTick);
  EXPECT_EQ(times(parse_cpu_times(kStat, {11}, 100)).system_ns, 240 * kTick);
}

TEST(ParseCpuTimes, FollowsTheTickRate) {
  EXPECT_EQ(times(parse_cpu_times(kStat, {1}, 1000)).system_ns, 220'000'000U);
}

TEST(ParseCpuTimes, NamesTheCpuThatHasNoLine) {
  const auto parsed = parse_cpu_times(kStat, {0, 7}, 100);
  EXPECT_THAT(std::get<Unavailable>(parsed).reason, HasSubstr("CPU 7"));
}

TEST(ParseCpuTimes, RefusesATruncatedOrGarbledLine) {
  EXPECT_TRUE(std::holds_alternative<Unavailable>(parse_cpu_times("cpu0 1 2 3\n", {0}, 100)));
  EXPECT_TRUE(
      std::holds_alternative<Unavailable>(parse_cpu_times("cpu0 1 2 3 4 5 6 7 x\n", {0}, 100)));
}

TEST(CpuTimesDifference, SubtractsAndHoldsIdleTimeThatRanBackwardsAtZero) {
  const CpuTimes window =
      difference({.user_ns = 10, .idle_ns = 50}, {.user_ns = 30, .idle_ns = 40});
  EXPECT_EQ(window.user_ns, 20U);
  EXPECT_EQ(window.idle_ns, 0U);
}

TEST(StealShare, IsNoneWhenNoTimePassed) {
  EXPECT_FALSE(steal_share({}));
}

TEST(NoisyHost, IsMarkedAboveOnePercentOnly) {
  EXPECT_FALSE(is_noisy_host({.user_ns = 1'980'000'000, .steal_ns = 20'000'000}));
  EXPECT_TRUE(is_noisy_host({.user_ns = 1'970'000'000, .steal_ns = 30'000'000}));
  EXPECT_FALSE(is_noisy_host({}));
}

TEST(NoisyHost, IsNotMarkedForOneStepOfTheCount) {
  EXPECT_FALSE(is_noisy_host({.user_ns = 190'000'000, .steal_ns = 10'000'000}));
  EXPECT_TRUE(is_noisy_host({.user_ns = 180'000'000, .steal_ns = 20'000'000}));
}

TEST(CpuTimesOfThisMachine, HaveBeenRunning) {
  const auto read = read_cpu_times(allowed_cpus());
  EXPECT_GT(times(read).total_ns(), 0U);
}

}  // namespace
}  // namespace ub::perf
