#include "uringbench/perf/counter_sets.hpp"

#include <fmt/format.h>

#include <array>

namespace ub::perf {
namespace {

/// Software events take no hardware counter, so every set has them.
CounterSelection with_common(std::vector<std::string> names) {
  names.insert(names.end(), {"cycles", "instructions", "task_clock", "migrations",
                             "context_switches", "page_faults"});
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

std::optional<std::string> multiplexing_mark(const Readings& readings) {
  std::string list;
  for (const auto& [name, reading] : readings) {
    const auto* counted = std::get_if<Counted>(&reading);
    if (counted == nullptr || counted->running >= kTrustedRunningShare) continue;
    list += fmt::format("{}{} {:.0f} %", list.empty() ? "" : ", ", name, 100 * counted->running);
  }
  if (list.empty()) return std::nullopt;
  return "counted part of the time and scaled up: " + list;
}

}  // namespace ub::perf
