#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace ub {

/// CPU numbers, ascending, without repeats.
using CpuList = std::vector<int>;

/// "0", "0-3,6" (the kernel's cpulist format, cpuset(7)); nullopt when it is not one.
std::optional<CpuList> parse_cpu_list(std::string_view text);
std::string format_cpu_list(const CpuList& cpus);

/// The CPUs this process may run on (sched_getaffinity(2)).
CpuList allowed_cpus();

/// Restricts the calling thread, and every thread it starts later, to `cpus`. Throws SetupError.
void pin_this_thread(const CpuList& cpus);

}  // namespace ub
