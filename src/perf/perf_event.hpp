#pragma once

#include <linux/perf_event.h>

#include <optional>
#include <string>

#include "uringbench/base/error.hpp"
#include "uringbench/perf/counter_source.hpp"

namespace ub::perf {

/// perf_event_open(2), which has no wrapper in the C library, with PERF_FLAG_FD_CLOEXEC. A group
/// leader of -1 opens an event of its own.
SysResult open_perf_event(const perf_event_attr& attributes, const CounterTarget& target,
                          int group_leader_fd = -1);

/// The attributes every event of this program shares: user and kernel mode, the hypervisor and
/// guests left out, times of enabling and running in every read.
perf_event_attr common_attributes(const CounterSpec& spec);

/// What decides why perf_event_open(2) said no.
struct PerfFacts {
  std::optional<int> paranoid;  ///< kernel.perf_event_paranoid; none: the file is not there
  bool core_pmu = false;        ///< the kernel registered a PMU for the cores
  /// Calls of this process pass a seccomp filter; none: not known
  std::optional<bool> seccomp_filter = {};
  std::optional<bool> perfmon = {};  ///< CAP_PERFMON, where it counts; none: not known
};

PerfFacts read_perf_facts();

/// "ENOENT (No such file or directory): this kernel sees no PMU …": errno, likely cause and mend.
std::string explain_open_failure(const CounterSpec& spec, const CounterTarget& target, int error,
                                 const PerfFacts& facts);

}  // namespace ub::perf
