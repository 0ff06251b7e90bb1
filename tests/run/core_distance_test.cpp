#include "core_distance.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "support/in_child.hpp"
#include "uringbench/base/affinity.hpp"
#include "uringbench/base/clock.hpp"

namespace ub::run {
namespace {

using testing::HasSubstr;

std::string why_not(const RoleCpus& cpus) {
  const Reading reading = core_round_trip(cpus);
  const auto* none = std::get_if<Unavailable>(&reading);
  return none == nullptr ? "there is one" : none->reason;
}

TEST(CoreRoundTrip, RolesOnOneCpuHaveNone) {
  EXPECT_EQ(why_not({"0", "0"}), "both roles share CPU 0");
}

TEST(CoreRoundTrip, RolesThatAreNotPinnedHaveNone) {
  EXPECT_EQ(why_not({"", "0"}), "a role is not pinned to CPUs");
}

TEST(CoreRoundTrip, WithoutTheSecondThreadThereIsNone) {
  const CpuList cpus = allowed_cpus();
  if (cpus.size() < 2) GTEST_SKIP() << "needs two CPUs";
  const test::ChildReport report = test::in_child([&] {
    test::allow_threads(1);
    return why_not({std::to_string(cpus[0]), std::to_string(cpus[1])});
  });
  EXPECT_EQ(report.status, 0);
  EXPECT_THAT(report.text, HasSubstr("RLIMIT_NPROC"));
}

TEST(CoreRoundTrip, ACpuThatCannotBeHadSaysSo) {
  EXPECT_THAT(why_not({"1023", std::to_string(allowed_cpus().front())}),
              HasSubstr("CPUs 1023 and "));
  EXPECT_THAT(why_not({std::to_string(allowed_cpus().front()), "1023"}),
              HasSubstr("could not both be had"));
}

TEST(CoreRoundTrip, TwoCpusAreSomeNanosecondsApart) {
  const CpuList cpus = allowed_cpus();
  if (cpus.size() < 2) GTEST_SKIP() << "needs two CPUs";
  const CpuList one{cpus[0]};
  const Reading reading = core_round_trip({format_cpu_list(cpus), format_cpu_list(one)});
  if (const auto* none = std::get_if<Unavailable>(&reading)) {
    GTEST_SKIP() << "other processes kept a CPU to themselves: " << none->reason;
  }
  EXPECT_GT(std::get<Counted>(reading).value, 1);
  EXPECT_LT(std::get<Counted>(reading).value, 12e6);
}

TEST(CoreRoundTrip, LeavesTheCallerWhereItWas) {
  const CpuList before = allowed_cpus();
  (void)core_round_trip({std::to_string(before.front()), std::to_string(before.back())});
  EXPECT_EQ(allowed_cpus(), before);
}

}  // namespace
}  // namespace ub::run
