#include <gmock/gmock.h>
#include <sys/mman.h>

#include <atomic>
#include <cerrno>
#include <thread>

#include "fake_counters.hpp"
#include "uringbench/base/clock.hpp"
#include "uringbench/base/error.hpp"
#include "uringbench/base/mapped_memory.hpp"
#include "uringbench/perf/meters.hpp"

namespace ub::perf {
namespace {

using ::testing::HasSubstr;

const Counted& counted(const RoleUsage& usage, const char* name) {
  return std::get<Counted>(usage.counters.at(name));
}

TEST(RoleMeter, ReadsWhatTheSourceCounts) {
  FakeCounters source;
  source.counts["cycles"] = {1000, 400, 100};
  const RoleMeter meter({{"cycles"}}, source);
  EXPECT_DOUBLE_EQ(counted(meter.read(), "cycles").value, 4000);
  EXPECT_DOUBLE_EQ(counted(meter.read(), "cycles").running, 0.25);
}

TEST(RoleMeter, CutsAWindowFromTwoReads) {
  FakeCounters source;
  source.counts["cycles"] = {600, 600, 600};
  const RoleMeter meter({{"cycles"}}, source);
  const RoleUsage before = meter.read();
  source.counts["cycles"] = {850, 1000, 700};
  const Readings window = difference(before.counters, meter.read().counters);
  EXPECT_DOUBLE_EQ(std::get<Counted>(window.at("cycles")).value, 1000);
}

TEST(RoleMeter, SaysWhyACounterCouldNotBeOpened) {
  FakeCounters source;
  source.failures["cycles"] = ENOENT;
  const RoleMeter meter({{"cycles"}}, source);
  EXPECT_EQ(meter.read().counters.at("cycles"),
            Reading(Unavailable{"cycles failed with " + std::to_string(ENOENT)}));
}

TEST(RoleMeter, DoesNotReportZeroForACounterThatNeverRan) {
  FakeCounters source;
  source.counts["cycles"] = {0, 400, 0};
  const RoleMeter meter({{"cycles"}}, source);
  const Readings counters = meter.read().counters;
  ASSERT_TRUE(std::holds_alternative<Unavailable>(counters.at("cycles")));
  EXPECT_THAT(std::get<Unavailable>(counters.at("cycles")).reason, HasSubstr("never scheduled"));
}

TEST(RoleMeter, PassesOnAFailedRead) {
  FakeCounters source;
  const RoleMeter meter({{"cycles"}}, source);
  EXPECT_EQ(meter.read().counters.at("cycles"), Reading(Unavailable{"gone"}));
}

TEST(RoleMeter, RefusesAnUnknownName) {
  FakeCounters source;
  EXPECT_THROW(RoleMeter({{"furlongs"}}, source), UsageError);
}

TEST(RoleMeter, SplitsCpuTimeIntoUserAndSystem) {
  FakeCounters source;
  const RoleMeter meter({{}}, source);
  const RoleUsage usage = meter.read();
  EXPECT_GT(usage.cpu_ns, 0U);
  EXPECT_GT(usage.user_ns + usage.system_ns, 0U);
}

TEST(RoleMeter, CountsPageFaultsWithoutAPmu) {
  constexpr std::size_t kPages = 64;
  constexpr std::size_t kPageBytes = 4096;
  FakeCounters source;
  const RoleMeter meter({{}}, source);
  const MappedMemory memory = MappedMemory::anonymous(kPages * kPageBytes);
  // Without this one huge page could take one fault for all 64.
  ASSERT_EQ(::madvise(memory.data(), memory.size(), MADV_NOHUGEPAGE), 0);
  const RoleUsage before = meter.read();
  for (std::size_t at = 0; at < memory.size(); at += kPageBytes) memory.data()[at] = std::byte{1};
  const RoleUsage after = meter.read();
  const double faults = counted(after, "page_faults").value - counted(before, "page_faults").value;
  EXPECT_GE(faults, kPages);
  EXPECT_DOUBLE_EQ(
      counted(after, "page_faults").value,
      counted(after, "page_faults_minor").value + counted(after, "page_faults_major").value);
}

TEST(RoleMeter, CountsAWaitAsAVoluntaryContextSwitch) {
  FakeCounters source;
  const RoleMeter meter({{}}, source);
  const RoleUsage before = meter.read();
  // Waits for a thread that first burns 2 ms, so this one must sleep at least once.
  std::thread([] {
    const std::uint64_t end = thread_cpu_ns() + 2'000'000;
    while (thread_cpu_ns() < end) {
    }
  }).join();
  const RoleUsage after = meter.read();
  EXPECT_GT(counted(after, "context_switches_voluntary").value,
            counted(before, "context_switches_voluntary").value);
}

/// task_clock needs no PMU, so the real way through perf_event_open(2) runs here too.
TEST(RoleMeterOnThisKernel, FollowsThreadsThatStartLater) {
  const RoleMeter meter({{"task_clock"}});
  const RoleUsage before = meter.read();
  const auto* missing = std::get_if<Unavailable>(&before.counters.at("task_clock"));
  if (missing != nullptr) GTEST_SKIP() << missing->reason;
  constexpr double kBurnedNs = 20e6;
  std::thread([] {
    const std::uint64_t end = thread_cpu_ns() + static_cast<std::uint64_t>(kBurnedNs);
    while (thread_cpu_ns() < end) {
    }
  }).join();
  const RoleUsage after = meter.read();
  const Readings window = difference(before.counters, after.counters);
  const double task_clock_ns = value_or(window.at("task_clock"), 0);
  EXPECT_GE(task_clock_ns, 0.9 * kBurnedNs);
  EXPECT_LE(task_clock_ns, 1.1 * static_cast<double>(after.cpu_ns - before.cpu_ns));
}

TEST(RoleMeterOnThisKernel, CountsThreadsThatWereAliveBefore) {
  std::atomic<bool> stop = false;
  std::atomic<std::uint64_t> burned_ns = 0;
  std::thread worker([&] {
    while (!stop) burned_ns = thread_cpu_ns();
  });
  while (burned_ns == 0) std::this_thread::yield();
  const RoleMeter meter({{"task_clock"}});
  const RoleUsage before = meter.read();
  const std::uint64_t end = burned_ns + 20'000'000;
  while (burned_ns < end) std::this_thread::yield();
  const RoleUsage after = meter.read();
  stop = true;
  worker.join();
  const auto* missing = std::get_if<Unavailable>(&before.counters.at("task_clock"));
  if (missing != nullptr) GTEST_SKIP() << missing->reason;
  const Readings window = difference(before.counters, after.counters);
  EXPECT_GE(value_or(window.at("task_clock"), 0), 15e6);
}

TEST(RoleMeterOnThisKernel, GivesEveryDefaultCounterAValueOrAReason) {
  const RoleMeter meter;
  const RoleUsage usage = meter.read();
  for (const char* name : {"cycles", "instructions", "l1d_misses", "llc_misses"}) {
    const Reading& reading = usage.counters.at(name);
    if (const auto* missing = std::get_if<Unavailable>(&reading)) {
      EXPECT_THAT(missing->reason, ::testing::ContainsRegex("^E[A-Z0-9]+ \\(")) << name;
    } else {
      EXPECT_GT(std::get<Counted>(reading).running, 0) << name;
    }
  }
}

}  // namespace
}  // namespace ub::perf
