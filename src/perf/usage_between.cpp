#include "uringbench/perf/usage_between.hpp"

#include "uringbench/perf/cpu_accounting.hpp"
#include "uringbench/perf/tsc.hpp"

namespace ub::perf {
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
  return estimate_tsc_cycles(cpu_ns, tsc_rate(*first, *last));
}

}  // namespace

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
  window.longest_pause_ns = after.longest_pause_ns;
  if (before.throttled_ns && after.throttled_ns && *after.throttled_ns >= *before.throttled_ns) {
    window.throttled_ns = *after.throttled_ns - *before.throttled_ns;
  }
  return window;
}

}  // namespace ub::perf
