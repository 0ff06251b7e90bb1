#include "role_meters.hpp"

#include "uringbench/perf/cpu_accounting.hpp"
#include "uringbench/perf/run_queue.hpp"
#include "uringbench/perf/tsc.hpp"

namespace ub::study {
namespace {

CpuUsage difference(const CpuUsage& before, const CpuUsage& after) {
  CpuUsage window{.cpus = after.cpus,
                  .times = after.times,
                  .counters = ub::difference(before.counters, after.counters)};
  const auto* first = std::get_if<CpuTimes>(&before.times);
  const auto* last = std::get_if<CpuTimes>(&after.times);
  if (first == nullptr) {
    window.times = before.times;
  } else if (last != nullptr) {
    window.times = perf::difference(*first, *last);
  }
  return window;
}

OrUnavailable<RunQueueTimes> difference(const OrUnavailable<RunQueueTimes>& before,
                                        const OrUnavailable<RunQueueTimes>& after) {
  const auto* first = std::get_if<RunQueueTimes>(&before);
  const auto* last = std::get_if<RunQueueTimes>(&after);
  if (first == nullptr) return before;
  if (last == nullptr) return after;
  if (last->on_cpu_ns < first->on_cpu_ns || last->waiting_ns < first->waiting_ns ||
      last->slices < first->slices) {
    return Unavailable{"a thread ended in the window and took its times along"};
  }
  return RunQueueTimes{last->on_cpu_ns - first->on_cpu_ns, last->waiting_ns - first->waiting_ns,
                       last->slices - first->slices};
}

OrUnavailable<TscCyclesEstimate> estimate(std::uint64_t cpu_ns,
                                          const OrUnavailable<TscPoint>& before,
                                          const OrUnavailable<TscPoint>& after) {
  constexpr std::uint64_t kShortestNs = 1'000'000;
  const auto* first = std::get_if<TscPoint>(&before);
  const auto* last = std::get_if<TscPoint>(&after);
  if (first == nullptr) return std::get<Unavailable>(before);
  if (last == nullptr) return std::get<Unavailable>(after);
  if (last->time_ns < first->time_ns + kShortestNs) {
    return Unavailable{"the window is too short for a rate of the TSC"};
  }
  if (last->tsc < first->tsc) return Unavailable{"the TSC ran backwards"};
  return perf::estimate_tsc_cycles(cpu_ns, perf::tsc_rate(*first, *last));
}

}  // namespace

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
  return usage;
}

RoleUsage usage_between(const RoleUsage& before, const RoleUsage& after) {
  RoleUsage window{after.cpu_ns - before.cpu_ns, after.user_ns - before.user_ns,
                   after.system_ns - before.system_ns,
                   ub::difference(before.counters, after.counters)};
  if (before.cpus && after.cpus) window.cpus = difference(*before.cpus, *after.cpus);
  if (before.run_queue && after.run_queue) {
    window.run_queue = difference(*before.run_queue, *after.run_queue);
  }
  if (before.tsc && after.tsc) {
    window.tsc_cycles_estimate = estimate(window.cpu_ns, *before.tsc, *after.tsc);
  }
  return window;
}

}  // namespace ub::study
