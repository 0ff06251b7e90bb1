#pragma once

#include <gtest/gtest.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <csignal>
#include <string>

/// For what a process cannot take back: a seccomp filter, privileges given up.
namespace ub::test {

/// What a child process said, and how it ended.
struct ChildReport {
  std::string text;
  int status = -1;  ///< of waitpid(2); 0: returned, and no expectation failed in it
};

/// Runs `body`, which returns a text, in a child of this process; the process must have one thread.
/// Expectations may be used in it: they print, and the status is not 0 when one failed. A child
/// that hangs is ended after two minutes.
template <typename Body>
ChildReport in_child(Body body) {
  std::array<int, 2> ends{};
  if (::pipe(ends.data()) != 0) return {};
  std::fflush(nullptr);  // what is buffered must not be printed twice
  const pid_t child = ::fork();
  if (child == 0) {
    constexpr unsigned kPatienceS = 120;
    ::alarm(kPatienceS);
    const std::string text = body();
    const auto written = ::write(ends[1], text.data(), text.size());
    std::fflush(nullptr);
    ::_exit(written < 0 || testing::Test::HasFailure() ? 1 : 0);
  }
  ::close(ends[1]);
  ChildReport report;
  std::array<char, 4096> chunk{};
  for (ssize_t got = 0; (got = ::read(ends[0], chunk.data(), chunk.size())) > 0;) {
    report.text.append(chunk.data(), static_cast<std::size_t>(got));
  }
  ::close(ends[0]);
  ::waitpid(child, &report.status, 0);
  return report;
}

/// Lets this process, a child, have `threads` more threads at most; none where it may not change
/// its user, since others of the user's processes count, too.
inline void allow_threads(rlim_t threads) {
  constexpr uid_t kNobodyElse = 54'321;
  const bool alone = ::setuid(kNobodyElse) == 0;
  const rlimit limit{alone ? threads + 1 : 0, alone ? threads + 1 : 0};
  ASSERT_EQ(::setrlimit(RLIMIT_NPROC, &limit), 0);
}

}  // namespace ub::test
