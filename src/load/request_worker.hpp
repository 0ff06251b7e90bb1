#pragma once

#include <future>
#include <optional>
#include <vector>

#include "pinned_thread.hpp"
#include "request_lane.hpp"
#include "uringbench/base/mapped_memory.hpp"

namespace ub::load {

/// One requesting thread with everything it needs, allocated before it starts.
class RequestWorker {
 public:
  /// Large enough for one call to empty what arrived meanwhile, small enough for the second-level
  /// cache.
  static constexpr std::size_t kBufferBytes = 256U << 10U;

  struct Job {
    int cpu = 0;
    std::optional<SchedulePlan> schedule;  ///< nullopt: closed loop
    std::vector<Conversation> conversations;
  };

  /// Throws SetupError.
  RequestWorker(const RequestPlan& plan, Job job, RequestControl& control, Shared& shared);

  /// Starts the thread. The future is ready when it runs on its CPU; it holds SetupError if it
  /// cannot.
  std::future<void> start();

  [[nodiscard]] const Tally<LoadCounts>& tally() const { return tally_; }
  /// Once the thread has finished.
  [[nodiscard]] const LatencyBook& book() const { return lane_.book(); }

 private:
  void prepare();
  void run();

  Tally<LoadCounts> tally_;  // first, for its alignment
  Job job_;
  RequestControl& control_;
  Shared& shared_;
  MappedMemory buffer_;
  std::optional<Watcher> watcher_;  ///< none when it spins
  RequestLane lane_;
  PinnedThread thread_;
};

}  // namespace ub::load
