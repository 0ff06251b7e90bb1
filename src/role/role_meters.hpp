#pragma once

#include <optional>

#include "uringbench/base/affinity.hpp"
#include "uringbench/perf/meters.hpp"

namespace ub::role {

/// Everything that counts what this process spends, and what runs on the CPUs it is pinned to. Made
/// before the role's threads start: it must see every one of them.
class RoleMeters {
 public:
  /// `cpus`: a CPU list; what is none leaves the figures of CPUs out.
  RoleMeters(const perf::CounterSelection& counters, const std::string& cpus);

  /// Totals, see RoleUsage; two of them make a window (perf::usage_between()).
  [[nodiscard]] RoleUsage read() const;

 private:
  perf::RoleMeter role_;
  std::optional<CpuList> cpus_;
  std::optional<perf::CpuMeter> cpu_meter_;
};

}  // namespace ub::role
