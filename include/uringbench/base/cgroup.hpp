#pragma once

#include <cstdint>
#include <optional>
#include <string>

/// The control group of this process, as far as it limits CPU time (cgroup-v2: cpu.max, cpu.stat;
/// cgroup-v1: cpu.cfs_quota_us, cpu.stat; Documentation/admin-guide/cgroup-v2.rst and
/// Documentation/scheduler/sched-bwc.rst). Containers see their own limit; one that only the host
/// sees cannot be read from inside.
namespace ub {

struct CpuQuota {
  double cpus = 0;   ///< CPU seconds per second that the narrowest of the groups above allows
  std::string file;  ///< that says so: "/sys/fs/cgroup/x/cpu.max"
};

/// Nullopt where nothing limits this process, or nothing can be read.
std::optional<CpuQuota> cpu_quota();

/// Time since some fixed moment during which groups of this process were not allowed to run,
/// because their quota was used up, of the group that waited longest. 0 without a quota.
std::uint64_t throttled_ns();

/// The same below another root than "/", for tests: ROOT/proc/self/cgroup, ROOT/sys/fs/cgroup.
std::optional<CpuQuota> cpu_quota_below(const std::string& root);
std::uint64_t throttled_ns_below(const std::string& root);

}  // namespace ub
