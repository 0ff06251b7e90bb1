#include "uringbench/run/interrupt.hpp"

#include <sys/eventfd.h>
#include <unistd.h>

#include <atomic>
#include <cerrno>
#include <csignal>
#include <cstdint>

#include "uringbench/base/clock.hpp"
#include "uringbench/base/error.hpp"

namespace ub::run {
namespace {

// A signal handler can reach nothing else than a global; everybody else uses the object.
std::atomic<int> handler_fd{-1};

std::atomic<std::uint64_t> first_signal_ns{0};

/// A second Ctrl-C ends the program at once, if it is a person's: a terminal's (SI_KERNEL) and not
/// right after the first. timeout(1) and supervisors signal a process and then its group, and would
/// take the table with it.
void on_signal(int signal, siginfo_t* info, void* /*context*/) {
  constexpr std::uint64_t kReactionNs = 500'000'000;
  const int error = errno;  // of whatever was interrupted between its return and its check
  const std::uint64_t now = now_ns();
  std::uint64_t first = 0;
  if (first_signal_ns.compare_exchange_strong(first, now)) {
    const std::uint64_t one = 1;
    (void)!::write(handler_fd.load(), &one, sizeof one);
  } else if (info->si_code == SI_KERNEL && now - first > kReactionNs) {
    ::signal(signal, SIG_DFL);
    (void)::raise(signal);
  }
  errno = error;
}

template <typename Set>
void for_each_signal(Set set) {
  struct sigaction action {};
  set(action);
  action.sa_flags |= SA_RESTART;  // poll(2) returns all the same, and nothing else has to care
  ::sigemptyset(&action.sa_mask);
  for (const int signal : {SIGINT, SIGTERM, SIGHUP}) ::sigaction(signal, &action, nullptr);
}

}  // namespace

Interrupt::Interrupt() : fd_(::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)) {
  if (!fd_) throw_setup_error("opening an eventfd", errno, "raise `ulimit -n`");
  handler_fd.store(fd_.get());
  first_signal_ns.store(0);
  for_each_signal([](struct sigaction& action) {
    action.sa_sigaction = on_signal;
    action.sa_flags = SA_SIGINFO;
  });
}

Interrupt::~Interrupt() {
  for_each_signal([](struct sigaction& action) { action.sa_handler = SIG_DFL; });
}

bool Interrupt::happened() const {
  std::uint64_t count = 0;
  if (::read(fd_.get(), &count, sizeof count) != sizeof count) return false;
  (void)!::write(fd_.get(), &count, sizeof count);  // stays readable for everybody
  return true;
}

}  // namespace ub::run
