#pragma once

#include <atomic>
#include <cstdint>

#include "uringbench/base/unique_fd.hpp"
#include "window.hpp"

namespace ub::load {

/// What a requester tells its threads. They look at it between two system calls.
struct RequestControl {
  enum class Phase { waiting, running, stopping, aborting };

  std::atomic<Phase> phase = Phase::waiting;
  std::atomic<std::uint64_t> start_ns = 0;  ///< of the schedules; set before `running`
  Window window;
  UniqueFd wake;  ///< eventfd, written after a change of phase for threads that block in epoll

  /// Moves on to `next`, never back; whether it did.
  bool advance(Phase next) {
    Phase now = phase.load();
    while (now < next) {
      if (!phase.compare_exchange_weak(now, next)) continue;
      phase.notify_all();
      return true;
    }
    return false;
  }
};

}  // namespace ub::load
