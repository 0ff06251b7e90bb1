#include "uringbench/run/interrupt.hpp"

#include <gtest/gtest.h>
#include <poll.h>

#include <cerrno>
#include <csignal>

namespace ub::run {
namespace {

bool readable(int fd) {
  pollfd entry{.fd = fd, .events = POLLIN, .revents = 0};
  return ::poll(&entry, 1, 0) == 1;
}

class InterruptBy : public testing::TestWithParam<int> {};

TEST_P(InterruptBy, ASignalIsHeardAndStaysHeard) {
  const Interrupt interrupt;
  EXPECT_FALSE(readable(interrupt.fd()));
  EXPECT_FALSE(interrupt.happened());
  std::raise(GetParam());
  EXPECT_TRUE(readable(interrupt.fd()));
  EXPECT_TRUE(interrupt.happened());
  EXPECT_TRUE(interrupt.happened());
  EXPECT_TRUE(readable(interrupt.fd())) << "asking does not use it up";
}

TEST_P(InterruptBy, TheSecondSignalEndsTheProcess) {
  EXPECT_EXIT(
      {
        const Interrupt interrupt;
        std::raise(GetParam());
        std::raise(GetParam());
      },
      testing::KilledBySignal(GetParam()), "");
}

TEST_P(InterruptBy, SignalsEndTheProcessAgainWhenItIsGone) {
  EXPECT_EXIT(
      {
        { const Interrupt interrupt; }
        std::raise(GetParam());
      },
      testing::KilledBySignal(GetParam()), "");
}

INSTANTIATE_TEST_SUITE_P(Signals, InterruptBy, testing::Values(SIGINT, SIGTERM));

TEST(Interrupt, LeavesErrnoAlone) {
  const Interrupt interrupt;
  errno = ENOTTY;
  std::raise(SIGINT);
  EXPECT_EQ(errno, ENOTTY);
}

}  // namespace
}  // namespace ub::run
