#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <variant>

#include "uringbench/base/unavailable.hpp"

/// The control group of this process, as far as it limits CPU time (cgroup-v2: cpu.max, cpu.stat;
/// cgroup-v1: cpu.cfs_quota_us, cpu.stat; Documentation/admin-guide/cgroup-v2.rst and
/// Documentation/scheduler/sched-bwc.rst). Containers see their own limit; one that only the host
/// sees cannot be read from inside.
namespace ub {

struct CpuQuota {
  double cpus = 0;   ///< CPU seconds per second that the narrowest of the groups above allows
  std::string file;  ///< that says so: "/sys/fs/cgroup/x/cpu.max"
};

/// No group above this process limits it.
struct NoCpuQuota {};

/// Unavailable where the kernel shows no group, or its files cannot be seen from here.
using CpuQuotaReading = std::variant<CpuQuota, NoCpuQuota, Unavailable>;

/// Below another root than "" (the machine's own), for tests: ROOT/proc/self/cgroup,
/// ROOT/sys/fs/cgroup.
CpuQuotaReading cpu_quota(const std::string& root = "");

/// Time since some fixed moment during which groups of this process were not allowed to run because
/// their quota was used up, of the group that waited longest. Nullopt where no group keeps it.
std::optional<std::uint64_t> throttled_ns(const std::string& root = "");

}  // namespace ub
