#pragma once

#include <cstdint>
#include <span>
#include <string_view>

#include "uringbench/model/reading.hpp"
#include "uringbench/perf/counter.hpp"

namespace ub::perf {

/// Counters that fit the hardware at the same time. `cycles` and `instructions` are in every set,
/// so that what different sets count can be put on one footing. At most five hardware events: AMD
/// Zen has six counters and Intel four general ones beside those of cycles and instructions, and
/// the kernel's NMI watchdog holds one. A set therefore runs all the time, and needs no kernel-side
/// group, which could not be read for threads that inherit it anyway (perf_event_open(2),
/// PERF_FORMAT_GROUP).
struct CounterSet {
  std::string_view name;
  CounterSelection selection;
};

/// All sets, in the order in which repetitions take them.
std::span<const CounterSet> counter_sets();

/// The set of one repetition: each in its turn, so every counter is read in a share of the
/// repetitions and all the time in those.
const CounterSet& counter_set_of(std::uint32_t rep);

/// Below this share of running time, a scaled-up count is an extrapolation and is marked.
inline constexpr double kTrustedRunningShare = 0.95;

/// Whether some counter ran less than that: the mark "multiplexed". The shares are in the readings.
bool is_multiplexed(const Readings& readings);

}  // namespace ub::perf
