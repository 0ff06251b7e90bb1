#pragma once

#include "uringbench/base/unique_fd.hpp"

namespace ub::run {

/// While it lives, SIGINT, SIGTERM and SIGHUP do not end the process but make fd() readable, so
/// that what was measured is kept. A second one from a terminal, half a second later or more, ends
/// it at once. One at a time, in the main thread.
class Interrupt {
 public:
  Interrupt();
  Interrupt(const Interrupt&) = delete;
  Interrupt& operator=(const Interrupt&) = delete;
  ~Interrupt();

  [[nodiscard]] int fd() const { return fd_.get(); }
  [[nodiscard]] bool happened() const;

 private:
  UniqueFd fd_;
};

}  // namespace ub::run
