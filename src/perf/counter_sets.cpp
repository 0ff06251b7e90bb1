#include "uringbench/perf/counter_sets.hpp"

#include <algorithm>
#include <array>
#include <string>
#include <vector>

namespace ub::perf {
namespace {

/// Software events take no hardware counter, so every set has those that cost a role nothing
/// (ForRoles::no). task_clock and migrations are left to who asks for them: two events of a thread
/// made a ping-pong through pipes 1.3 times as dear (Linux 6.18, VM without a PMU), RoleUsage has
/// the CPU time anyway, and a pinned role does not move.
CounterSelection with_common(std::vector<std::string> names) {
  names.insert(names.end(), {"cycles", "instructions", "context_switches", "page_faults"});
  return {std::move(names)};
}

}  // namespace

std::span<const CounterSet> counter_sets() {
  static const std::array sets{
      CounterSet{"caches", with_common({"l1d_misses", "llc_references", "llc_misses"})},
      CounterSet{"core", with_common({"ref_cycles", "branch_misses"})},
      CounterSet{"memory", with_common({"dtlb_misses", "cache_misses"})},
  };
  return sets;
}

const CounterSet& counter_set_of(std::uint32_t rep) {
  return counter_sets()[rep % counter_sets().size()];
}

bool is_multiplexed(const Readings& readings) {
  return std::any_of(readings.begin(), readings.end(), [](const auto& each) {
    const auto* counted = std::get_if<Counted>(&each.second);
    return counted != nullptr && counted->running < kTrustedRunningShare;
  });
}

}  // namespace ub::perf
