#include "uringbench/uring/refusal.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cerrno>

namespace ub::uring {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::Not;

std::string setup(int error, const RingPolicy& policy) {
  return explain_refusal("io_uring_setup", error, policy);
}

TEST(RefusalTest, TheSysctlIsNamedWhereItForbids) {
  EXPECT_THAT(setup(EPERM, {.disabled = 2, .sys_admin = true, .seccomp_filter = true}),
              AllOf(HasSubstr("EPERM"), HasSubstr("kernel.io_uring_disabled is 2"),
                    Not(HasSubstr("seccomp"))));
  EXPECT_THAT(setup(EPERM, {.disabled = 1, .sys_admin = false}),
              AllOf(HasSubstr("kernel.io_uring_disabled is 1"), HasSubstr("io_uring_group")));
  EXPECT_THAT(setup(EPERM, {.disabled = 1, .sys_admin = true, .seccomp_filter = true}),
              HasSubstr("seccomp filter of this process forbids"));
}

TEST(RefusalTest, AFilterIsNamedWithTheFlagOfTheContainer) {
  const RingPolicy filtered{.disabled = 0, .seccomp_filter = true};
  EXPECT_THAT(setup(EPERM, filtered),
              AllOf(HasSubstr("seccomp filter of this process forbids"),
                    HasSubstr("--security-opt seccomp="), Not(HasSubstr("io_uring_disabled"))));
  EXPECT_THAT(setup(ENOSYS, filtered),
              AllOf(HasSubstr("this kernel has io_uring"), HasSubstr("--security-opt seccomp=")));
}

TEST(RefusalTest, WhatIsNotKnownIsNotClaimed) {
  EXPECT_THAT(setup(EPERM, {}), HasSubstr("/proc does not say which"));
  EXPECT_THAT(setup(EPERM, {.disabled = 0, .seccomp_filter = false}),
              AllOf(HasSubstr("security module"), Not(HasSubstr("--security-opt"))));
  EXPECT_THAT(setup(ENOSYS, {.seccomp_filter = false}),
              AllOf(HasSubstr("CONFIG_IO_URING"), Not(HasSubstr("seccomp"))));
  EXPECT_THAT(setup(ENOSYS, {.seccomp_filter = true}),
              AllOf(HasSubstr("CONFIG_IO_URING"), HasSubstr("or a seccomp filter hides it")));
}

TEST(RefusalTest, LockedMemoryIsNamedWhereItBinds) {
  EXPECT_THAT(setup(ENOMEM, {.ipc_lock = false, .memlock_bytes = 64U << 10U}),
              AllOf(HasSubstr("allows 64K"), HasSubstr("ulimit -l"), HasSubstr("IPC_LOCK")));
  EXPECT_THAT(setup(ENOMEM, {.ipc_lock = true, .memlock_bytes = 64U << 10U}),
              AllOf(HasSubstr("memory.max"), Not(HasSubstr("ulimit -l"))));
  EXPECT_THAT(setup(ENOMEM, {}), Not(HasSubstr("ulimit -l")));
}

TEST(RefusalTest, DescriptorsAreNamedWithTheirLimit) {
  EXPECT_THAT(setup(EMFILE, {.descriptors = 64}),
              AllOf(HasSubstr("the 64 that RLIMIT_NOFILE"), HasSubstr("ulimit -n")));
  EXPECT_THAT(setup(ENFILE, {}), HasSubstr("fs.file-max"));
  EXPECT_EQ(setup(EINVAL, {}), "io_uring_setup: EINVAL (Invalid argument)");
}

}  // namespace
}  // namespace ub::uring
