#pragma once

#include <sys/types.h>

#include <cstdint>
#include <optional>
#include <string_view>
#include <variant>

#include "uringbench/base/unavailable.hpp"

namespace ub::perf {

/// What the scheduler kept of one thread, or the sum over several, since they started
/// (/proc/<pid>/schedstat, Documentation/scheduler/sched-stats.rst).
struct RunQueueTimes {
  std::uint64_t on_cpu_ns = 0;
  std::uint64_t waiting_ns = 0;  ///< ready to run, and something else ran: competition for the CPU
  std::uint64_t slices = 0;      ///< times it was put on a CPU

  friend bool operator==(const RunQueueTimes&, const RunQueueTimes&) = default;
};

/// "on-CPU waiting slices"; nullopt for anything else.
std::optional<RunQueueTimes> parse_schedstat(std::string_view text);

/// One thread of this process. Unavailable when it has ended, or the kernel keeps no such times.
std::variant<RunQueueTimes, Unavailable> read_run_queue(pid_t tid);

/// All threads of this process that are alive now. Threads that have ended are not in it, so a
/// window is meaningful only between two reads with the same threads.
std::variant<RunQueueTimes, Unavailable> read_run_queue_of_process();

}  // namespace ub::perf
