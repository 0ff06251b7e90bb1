#pragma once

#include <sys/eventfd.h>
#include <unistd.h>

#include <cerrno>
#include <cstdint>

#include "uringbench/base/error.hpp"
#include "uringbench/base/unique_fd.hpp"

namespace ub::engine {

/// An eventfd(2) with which one thread wakes another that waits for descriptors.
class Wakeup {
 public:
  Wakeup() : fd_(::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)) {
    if (!fd_) throw_setup_error("opening an eventfd", errno, "raise `ulimit -n`");
  }

  [[nodiscard]] int fd() const { return fd_.get(); }

  void signal() const {
    const std::uint64_t one = 1;
    (void)!::write(fd_.get(), &one, sizeof one);  // can only fail when it is signalled already
  }

  void clear() const {
    std::uint64_t count = 0;
    (void)!::read(fd_.get(), &count, sizeof count);
  }

 private:
  UniqueFd fd_;
};

}  // namespace ub::engine
