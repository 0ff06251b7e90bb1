#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace ub::perf {

/// Whether a RoleMeter opens the counter. It does not where getrusage(2) keeps the same number
/// exactly and for everyone; a whole CPU has no getrusage.
enum class ForRoles { yes, no };

/// One counter as perf_event_open(2) names it.
struct CounterSpec {
  std::string_view name;     ///< "l1d_misses": the key in Readings
  std::string_view meaning;  ///< one line for people, with what the event is not
  std::uint32_t type = 0;    ///< perf_event_attr::type
  std::uint64_t config = 0;  ///< perf_event_attr::config
  ForRoles for_roles = ForRoles::yes;
};

/// Every counter this program knows how to open, hardware first.
std::span<const CounterSpec> counter_catalogue();

/// The catalogue's entry; null when there is none of that name.
const CounterSpec* find_counter(std::string_view name);

/// Counters to open, by catalogue name. The default set fits the four general counters of a core
/// whose two threads share its PMU (cycles and instructions have their own there), so nothing is
/// multiplexed.
struct CounterSelection {
  std::vector<std::string> names = {"cycles", "instructions", "l1d_misses", "llc_misses"};
};

}  // namespace ub::perf
