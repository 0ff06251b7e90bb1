#pragma once

#include <sys/types.h>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>

#include "uringbench/base/affinity.hpp"
#include "uringbench/base/unavailable.hpp"
#include "uringbench/model/snapshot.hpp"
#include "uringbench/model/usage.hpp"

namespace ub::perf {

/// The change from `before` to `after`, field by field; 0 where the kernel's figure went back, as
/// proc(5) warns that idle time may.
CpuTimes difference(const CpuTimes& before, const CpuTimes& after);

/// Sums the lines of `cpus` in a text of /proc/stat that counts in steps of 1/`ticks_per_second`.
/// Unavailable, with its number, when a CPU has no line (offline) or a line cannot be read.
std::variant<CpuTimes, Unavailable> parse_cpu_times(std::string_view proc_stat, const CpuList& cpus,
                                                    std::uint64_t ticks_per_second);

/// The same of this machine, now.
std::variant<CpuTimes, Unavailable> read_cpu_times(const CpuList& cpus);

/// Above this share of stolen time a sample says more about the neighbours than about the path.
inline constexpr double kNoisyStealShare = 0.01;

/// Stolen time by all time of the window; none when no time passed.
std::optional<double> steal_share(const CpuTimes& window);

/// Whether more than kNoisyStealShare of the window, and more than one 10 ms step of the kernel's
/// count, was stolen: the mark "noisy-host".
bool is_noisy_host(const CpuTimes& window);

/// "on-CPU waiting slices"; nullopt for anything else.
std::optional<RunQueueTimes> parse_schedstat(std::string_view text);

/// One thread of this process. Unavailable when it has ended, or the kernel keeps no such times.
std::variant<RunQueueTimes, Unavailable> read_run_queue(pid_t tid);

/// All threads of this process that are alive now. Threads that have ended are not in it, so a
/// window is meaningful only between two reads with the same threads. Unavailable with more than
/// `most_threads`: reading a file for each of thousands would hold up the edge of a window.
std::variant<RunQueueTimes, Unavailable> read_run_queue_of_process(std::size_t most_threads = 64);

/// What was used between two totals: the model's fields that belong to a window.
RoleUsage usage_between(const RoleUsage& before, const RoleUsage& after);

}  // namespace ub::perf
