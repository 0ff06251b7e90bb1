#pragma once

#include <future>
#include <vector>

#include "lane.hpp"
#include "pinned_thread.hpp"
#include "shared.hpp"
#include "uringbench/base/mapped_memory.hpp"
#include "uringbench/base/unique_fd.hpp"

namespace ub::load {

/// One receiving thread with everything it needs, allocated before it starts.
class Worker {
 public:
  /// Large enough for one call to empty what arrived meanwhile, small enough for the second-level
  /// cache.
  static constexpr std::size_t kBufferBytes = 256U << 10U;

  /// Throws SetupError.
  Worker(int cpu, std::vector<Connection> connections, Shared& shared);

  /// Starts the thread. The future is ready when it runs on its CPU; it holds SetupError if it
  /// cannot.
  std::future<void> start();

  [[nodiscard]] const Tally<LoadCounts>& tally() const { return tally_; }

 private:
  void run();

  Tally<LoadCounts> tally_;  // first, for its alignment
  int cpu_;
  UniqueFd epoll_;  ///< none with one connection
  std::vector<Connection> connections_;
  Shared& shared_;
  MappedMemory buffer_;
  Lane lane_;
  PinnedThread thread_;
};

}  // namespace ub::load
