#pragma once

#include <sys/types.h>

#include <cstdint>
#include <optional>
#include <string_view>
#include <variant>

#include "uringbench/base/unavailable.hpp"
#include "uringbench/model/usage.hpp"

namespace ub::perf {

/// "on-CPU waiting slices"; nullopt for anything else.
std::optional<RunQueueTimes> parse_schedstat(std::string_view text);

/// One thread of this process. Unavailable when it has ended, or the kernel keeps no such times.
std::variant<RunQueueTimes, Unavailable> read_run_queue(pid_t tid);

/// All threads of this process that are alive now. Threads that have ended are not in it, so a
/// window is meaningful only between two reads with the same threads. Unavailable with more than
/// `most_threads`: reading a file for each of thousands would hold up the edge of a window.
std::variant<RunQueueTimes, Unavailable> read_run_queue_of_process(std::size_t most_threads = 64);

}  // namespace ub::perf
