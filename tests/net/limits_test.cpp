#include "uringbench/net/limits.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/resource.h>

#include "uringbench/base/error.hpp"

namespace ub::net {
namespace {

using testing::AllOf;
using testing::HasSubstr;

/// Puts the limits of the process back.
class LimitsTest : public testing::Test {
 protected:
  void SetUp() override { ASSERT_EQ(::getrlimit(RLIMIT_NOFILE, &before_), 0); }
  void TearDown() override { ::setrlimit(RLIMIT_NOFILE, &before_); }

  rlimit before_{};
};

rlim_t soft_limit() {
  rlimit limit{};
  ::getrlimit(RLIMIT_NOFILE, &limit);
  return limit.rlim_cur;
}

TEST_F(LimitsTest, RaisesTheSoftLimitAsFarAsNeeded) {
  const rlimit low{64, before_.rlim_max};
  ASSERT_EQ(::setrlimit(RLIMIT_NOFILE, &low), 0);
  require_file_descriptors(10);
  EXPECT_EQ(soft_limit(), 64U);
  require_file_descriptors(100);
  EXPECT_GT(soft_limit(), 100U);
}

TEST_F(LimitsTest, ATooLowHardLimitIsNamedWithItsMend) {
  try {
    require_file_descriptors(before_.rlim_max);
    FAIL() << "needs more than the hard limit";
  } catch (const SetupError& error) {
    EXPECT_THAT(error.what(),
                AllOf(HasSubstr("RLIMIT_NOFILE allows " + std::to_string(before_.rlim_max)),
                      HasSubstr("ulimit -Hn"), HasSubstr("LimitNOFILE=")));
  }
}

TEST_F(LimitsTest, MemlockIsTheSoftLimit) {
  rlimit limit{};
  ASSERT_EQ(::getrlimit(RLIMIT_MEMLOCK, &limit), 0);
  const std::uint64_t expected = limit.rlim_cur == RLIM_INFINITY ? kUnlimited : limit.rlim_cur;
  EXPECT_EQ(memlock_limit_bytes(), expected);
}

}  // namespace
}  // namespace ub::net
