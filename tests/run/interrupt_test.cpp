#include "uringbench/run/interrupt.hpp"

#include <gtest/gtest.h>
#include <poll.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <cerrno>
#include <chrono>
#include <csignal>
#include <thread>

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

/// As if a terminal had sent it; a process may say so of a signal to itself (rt_sigqueueinfo(2)).
void raise_as_a_terminal(int signal) {
  siginfo_t info{};
  info.si_signo = signal;
  info.si_code = SI_KERNEL;
  ::syscall(SYS_rt_sigqueueinfo, ::getpid(), signal, &info);
}

/// timeout(1) signals its child, and then its own group.
TEST_P(InterruptBy, ASecondSignalOfAProgramOrRightAfterTheFirstChangesNothing) {
  const Interrupt interrupt;
  std::raise(GetParam());
  std::raise(GetParam());
  raise_as_a_terminal(GetParam());
  EXPECT_TRUE(interrupt.happened());
}

TEST_P(InterruptBy, ASecondSignalOfAPersonEndsTheProcess) {
  EXPECT_EXIT(
      {
        const Interrupt interrupt;
        raise_as_a_terminal(GetParam());
        std::this_thread::sleep_for(std::chrono::milliseconds(600));  // a person's second thought
        raise_as_a_terminal(GetParam());
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

INSTANTIATE_TEST_SUITE_P(Signals, InterruptBy, testing::Values(SIGINT, SIGTERM, SIGHUP));

TEST(Interrupt, LeavesErrnoAlone) {
  const Interrupt interrupt;
  errno = ENOTTY;
  std::raise(SIGINT);
  EXPECT_EQ(errno, ENOTTY);
}

}  // namespace
}  // namespace ub::run
