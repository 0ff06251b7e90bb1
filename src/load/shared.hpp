#pragma once

#include <sys/eventfd.h>

#include <atomic>
#include <cstddef>

#include "first_failure.hpp"
#include "uringbench/base/unique_fd.hpp"

namespace ub::load {

/// What the workers of one receiver or requester share.
struct Shared {
  FirstFailure failure;
  std::atomic<bool> aborting = false;
  std::atomic<std::size_t> unfinished = 0;  ///< workers
  UniqueFd all_finished;                    ///< eventfd; readable for good once `unfinished` is 0

  /// The last thing a worker does.
  void finish_worker() {
    if (unfinished.fetch_sub(1) == 1) ::eventfd_write(all_finished.get(), 1);
  }
};

}  // namespace ub::load
