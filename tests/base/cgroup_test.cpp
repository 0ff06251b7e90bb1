#include "uringbench/base/cgroup.hpp"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>

#include "support/scratch.hpp"

namespace ub {
namespace {

/// A machine's files below a directory of our own.
class Machine {
 public:
  void file(const std::string& name, const std::string& text) {
    const std::filesystem::path path = scratch_.path() / name;
    std::filesystem::create_directories(path.parent_path());
    std::ofstream(path) << text;
  }
  [[nodiscard]] std::string root() const { return scratch_.path(); }

 private:
  test::Scratch scratch_;
};

CpuQuota quota_on(const Machine& machine) {
  const CpuQuotaReading reading = cpu_quota(machine.root());
  const auto* quota = std::get_if<CpuQuota>(&reading);
  EXPECT_NE(quota, nullptr);
  return quota == nullptr ? CpuQuota{} : *quota;
}

TEST(Cgroup, AMachineThatDoesNotSayIsUnknown) {
  const Machine machine;
  EXPECT_TRUE(std::holds_alternative<Unavailable>(cpu_quota(machine.root())));
  EXPECT_EQ(throttled_ns(machine.root()), std::nullopt);
}

TEST(Cgroup, AGroupWithoutAMaximumLimitsNothing) {
  Machine machine;
  machine.file("proc/self/cgroup", "0::/\n");
  machine.file("sys/fs/cgroup/cpu.stat", "usage_usec 5\n");
  EXPECT_TRUE(std::holds_alternative<NoCpuQuota>(cpu_quota(machine.root())));
  EXPECT_EQ(throttled_ns(machine.root()), std::nullopt);
}

TEST(Cgroup, TheNarrowestOfAllGroupsAboveCounts) {
  Machine machine;
  machine.file("proc/self/cgroup", "0::/pod/container\n");
  machine.file("sys/fs/cgroup/pod/container/cpu.max", "max 100000\n");
  machine.file("sys/fs/cgroup/pod/cpu.max", "20000 100000\n");
  machine.file("sys/fs/cgroup/pod/cpu.stat", "usage_usec 5\nnr_throttled 133\nthrottled_usec 7\n");
  const CpuQuota quota = quota_on(machine);
  EXPECT_DOUBLE_EQ(quota.cpus, 0.2);
  EXPECT_TRUE(quota.file.ends_with("/sys/fs/cgroup/pod/cpu.max")) << quota.file;
  EXPECT_EQ(throttled_ns(machine.root()), 7000U);
}

TEST(Cgroup, AMaximumThatCannotBeReadIsUnknown) {
  Machine machine;
  machine.file("proc/self/cgroup", "0::/pod\n");
  machine.file("sys/fs/cgroup/pod/cpu.max/is a directory", "");
  const CpuQuotaReading reading = cpu_quota(machine.root());
  ASSERT_TRUE(std::holds_alternative<Unavailable>(reading));
  EXPECT_NE(std::get<Unavailable>(reading).reason.find("pod/cpu.max"), std::string::npos);
}

TEST(Cgroup, Version1IsRead) {
  Machine machine;
  machine.file("proc/self/cgroup", "7:memory:/a\n4:cpu,cpuacct:/docker/x\n0::/\n");
  machine.file("sys/fs/cgroup/cpu,cpuacct/docker/x/cpu.cfs_quota_us", "150000\n");
  machine.file("sys/fs/cgroup/cpu,cpuacct/docker/x/cpu.cfs_period_us", "100000\n");
  machine.file("sys/fs/cgroup/cpu,cpuacct/docker/x/cpu.stat", "nr_periods 2\nthrottled_time 99\n");
  machine.file("sys/fs/cgroup/cpu,cpuacct/cpu.cfs_quota_us", "-1\n");
  machine.file("sys/fs/cgroup/cpu,cpuacct/cpu.cfs_period_us", "100000\n");
  EXPECT_DOUBLE_EQ(quota_on(machine).cpus, 1.5);
  EXPECT_EQ(throttled_ns(machine.root()), 99U);
}

}  // namespace
}  // namespace ub
