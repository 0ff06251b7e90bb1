#pragma once

#include <optional>

#include "uringbench/base/affinity.hpp"
#include "uringbench/perf/cpu_meter.hpp"
#include "uringbench/perf/role_meter.hpp"

namespace ub::study {

/// Everything that counts what this process spends, and what runs on the CPUs it is pinned to. Made
/// before the role's threads start: it must see every one of them.
class RoleMeters {
 public:
  /// `cpus`: a CPU list; what is none leaves the figures of CPUs out.
  RoleMeters(const perf::CounterSelection& counters, const std::string& cpus);

  /// Totals, see RoleUsage; two of them make a window (usage_between()).
  [[nodiscard]] RoleUsage read() const;

 private:
  perf::RoleMeter role_;
  std::optional<CpuList> cpus_;
  std::optional<perf::CpuMeter> cpu_meter_;
};

/// What was used between two totals: the model's fields that belong to a window.
RoleUsage usage_between(const RoleUsage& before, const RoleUsage& after);

}  // namespace ub::study
