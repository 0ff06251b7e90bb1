#include "role_meters.hpp"

#include "uringbench/base/cgroup.hpp"
#include "uringbench/perf/accounting.hpp"
#include "uringbench/perf/reference_rates.hpp"

namespace ub::role {

RoleMeters::RoleMeters(const perf::CounterSelection& counters, const std::string& cpus)
    : role_(counters), cpus_(parse_cpu_list(cpus)) {
  if (cpus_) cpu_meter_.emplace(*cpus_, counters);
}

RoleUsage RoleMeters::read() const {
  RoleUsage usage = role_.read();
  usage.tsc = perf::read_tsc_point();
  if (cpus_) {
    usage.cpus = CpuUsage{.cpus = format_cpu_list(*cpus_),
                          .times = perf::read_cpu_times(*cpus_),
                          .counters = cpu_meter_->read()};
  }
  usage.run_queue = perf::read_run_queue_of_process();
  usage.throttled_ns = throttled_ns();
  return usage;
}

}  // namespace ub::role
