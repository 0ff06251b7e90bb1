#include "uringbench/base/directory.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <seccomp.h>

#include <cerrno>

#include "support/in_child.hpp"
#include "support/scratch.hpp"

namespace ub {
namespace {

using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;

TEST(DirectoryTest, TheNamesAreSortedAndWhole) {
  const test::Scratch scratch;
  for (const char* name : {"b", "a", ".c"}) std::ofstream(scratch.path() / name) << name;
  const DirectoryNames found = names_in_directory(scratch.path());
  EXPECT_THAT(found.names, ElementsAre(".c", "a", "b"));
  EXPECT_TRUE(found.whole());
  EXPECT_EQ(found.failure, "");
}

TEST(DirectoryTest, WhatIsNotThereIsNamed) {
  const DirectoryNames found = names_in_directory("/nowhere");
  EXPECT_EQ(found.error, ENOENT);
  EXPECT_THAT(found.failure, AllOf(HasSubstr("reading /nowhere"), HasSubstr("ENOENT")));
}

TEST(DirectoryTest, AFailureInTheMiddleNamesTheDirectory) {
  const test::ChildReport report = test::in_child([] {
    scmp_filter_ctx filter = ::seccomp_init(SCMP_ACT_ALLOW);
    EXPECT_EQ(::seccomp_rule_add(filter, SCMP_ACT_ERRNO(EIO), SCMP_SYS(getdents64), 0), 0);
    EXPECT_EQ(::seccomp_load(filter), 0);
    return names_in_directory("/proc/self/task").failure;
  });
  EXPECT_EQ(report.status, 0);
  EXPECT_EQ(report.text, "reading /proc/self/task: EIO (Input/output error)");
}

}  // namespace
}  // namespace ub
