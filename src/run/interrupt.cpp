#include "uringbench/run/interrupt.hpp"

#include <sys/eventfd.h>
#include <unistd.h>

#include <atomic>
#include <cerrno>
#include <csignal>
#include <cstdint>

#include "uringbench/base/error.hpp"

namespace ub::run {
namespace {

// A signal handler can reach nothing else than a global; everybody else uses the object.
std::atomic<int> handler_fd{-1};

void on_signal(int signal) {
  const int error = errno;  // of whatever was interrupted between its return and its check
  const std::uint64_t one = 1;
  (void)!::write(handler_fd.load(), &one, sizeof one);
  ::signal(signal, SIG_DFL);  // the second one ends the process
  errno = error;
}

void set_handler(void (*handler)(int)) {
  struct sigaction action {};
  action.sa_handler = handler;
  action.sa_flags = SA_RESTART;  // poll(2) returns all the same, and nothing else has to care
  ::sigemptyset(&action.sa_mask);
  for (const int signal : {SIGINT, SIGTERM}) ::sigaction(signal, &action, nullptr);
}

}  // namespace

Interrupt::Interrupt() : fd_(::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)) {
  if (!fd_) throw_setup_error("opening an eventfd", errno, "raise `ulimit -n`");
  handler_fd.store(fd_.get());
  set_handler(on_signal);
}

Interrupt::~Interrupt() {
  set_handler(SIG_DFL);
}

bool Interrupt::happened() const {
  std::uint64_t count = 0;
  if (::read(fd_.get(), &count, sizeof count) != sizeof count) return false;
  (void)!::write(fd_.get(), &count, sizeof count);  // stays readable for everybody
  return true;
}

}  // namespace ub::run
