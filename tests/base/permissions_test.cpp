#include "uringbench/base/permissions.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>

#include "support/scratch.hpp"

namespace ub {
namespace {

using testing::AllOf;
using testing::HasSubstr;

/// A machine's files below a directory of their own.
class PermissionsTest : public testing::Test {
 protected:
  void put(const std::string& name, const std::string& text) {
    const auto path = root() / name;
    std::filesystem::create_directories(path.parent_path());
    std::ofstream(path) << text;
  }
  [[nodiscard]] std::filesystem::path root() const { return scratch_.path(); }

 private:
  test::Scratch scratch_;
};

TEST_F(PermissionsTest, WithoutFilesNothingIsKnown) {
  EXPECT_EQ(has_capability(Capability::sys_admin, root()), std::nullopt);
  EXPECT_EQ(under_seccomp_filter(root()), std::nullopt);
  EXPECT_EQ(number_in_file(root() / "none"), std::nullopt);
}

TEST_F(PermissionsTest, TheStatusOfTheProcessSays) {
  put("proc/self/status",
      "Name:\tx\nCapEff:\t0000004000001000\nSeccomp:\t2\nSeccomp_filters:\t1\n");
  EXPECT_EQ(has_capability(Capability::net_admin, root()), true);
  EXPECT_EQ(has_capability(Capability::perfmon, root()), true);
  EXPECT_EQ(has_capability(Capability::sys_admin, root()), false);
  EXPECT_EQ(under_seccomp_filter(root()), true);
  put("proc/self/status", "Name:\tx\nSeccomp:\t0\n");
  EXPECT_EQ(under_seccomp_filter(root()), false);
}

TEST_F(PermissionsTest, TheGroupThatIsFullIsNamedWithItsFile) {
  put("proc/self/cgroup", "0::/a/b\n");
  put("sys/fs/cgroup/a/b/pids.max", "max\n");
  put("sys/fs/cgroup/a/b/pids.current", "20\n");
  put("sys/fs/cgroup/a/pids.max", "20\n");
  put("sys/fs/cgroup/a/pids.current", "20\n");
  put("proc/sys/kernel/threads-max", "1000\n");
  put("proc/loadavg", "0.1 0.1 0.1 1/120 77\n");
  const std::string why = explain_task_limit(root());
  EXPECT_THAT(why, AllOf(HasSubstr("/sys/fs/cgroup/a/pids.max is 20, and 20 are in use"),
                         HasSubstr("--pids-limit")));
  EXPECT_THAT(why, testing::Not(HasSubstr("threads-max")));
}

TEST_F(PermissionsTest, AGroupOfTheFirstVersionIsFoundToo) {
  put("proc/self/cgroup", "5:pids:/x\n4:cpu,cpuacct:/y\n");
  put("sys/fs/cgroup/pids/x/pids.max", "7\n");
  put("sys/fs/cgroup/pids/x/pids.current", "7\n");
  EXPECT_THAT(explain_task_limit(root()), HasSubstr("/sys/fs/cgroup/pids/x/pids.max is 7"));
}

TEST_F(PermissionsTest, WhereNoneIsFullAllAreNamedAndNoneIsBlamed) {
  put("proc/self/cgroup", "0::/a\n");
  put("sys/fs/cgroup/a/pids.max", "100\n");
  put("sys/fs/cgroup/a/pids.current", "20\n");
  put("proc/sys/kernel/threads-max", "1000\n");
  put("proc/loadavg", "0.1 0.1 0.1 1/120 77\n");
  EXPECT_THAT(
      explain_task_limit(root()),
      AllOf(HasSubstr("pids.max is 100, and 20 are in use"),
            HasSubstr("kernel.threads-max is 1000, and 120 are in use"), HasSubstr("probably")));
}

TEST_F(PermissionsTest, TheMachinesLimitIsNamedWhereItIsReached) {
  put("proc/sys/kernel/threads-max", "120\n");
  put("proc/loadavg", "0.1 0.1 0.1 1/120 77\n");
  EXPECT_THAT(explain_task_limit(root()),
              AllOf(HasSubstr("kernel.threads-max is 120"), HasSubstr("sysctl")));
}

}  // namespace
}  // namespace ub
