#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <variant>

#include "uringbench/base/unavailable.hpp"

namespace ub {

/// What perf_event_open(2) hands out: events seen, how long the counter was enabled and how long it
/// really sat on the hardware, both summed over the counted threads. Kept beside the scaled value
/// because only raw counts can be subtracted: the running share of a window is not that of either
/// end.
struct RawCount {
  std::uint64_t count = 0;
  std::uint64_t enabled_ns = 0;
  std::uint64_t running_ns = 0;

  friend bool operator==(const RawCount&, const RawCount&) = default;
};

/// A counted value over one window. `running` is the share of the window during which it was really
/// counted (perf_event_open(2): time_running / time_enabled); `value` is already scaled up by it.
/// `raw` is there exactly when the hardware may have been shared, so that windows can be cut from
/// totals.
struct Counted {
  double value = 0;
  double running = 1;
  std::optional<RawCount> raw = std::nullopt;

  friend bool operator==(const Counted&, const Counted&) = default;
};

/// A value, or why there is none. There is no third state and no 0 that means "not measured".
using Reading = std::variant<Counted, Unavailable>;

/// Counter name (perf-list(1) spelling with underscores: "cycles", "l1d_misses") to its reading.
using Readings = std::map<std::string, Reading>;

/// Scales a raw count up to its whole enabled time; Unavailable when the counter never ran, since
/// nothing can be scaled up from no observation.
Reading scaled(const RawCount& raw);

/// The change from `before` to `after`. Unavailable if either is. Raw counts are subtracted first
/// and scaled then, so `running` is that of the window itself.
Readings difference(const Readings& before, const Readings& after);

/// The value, or `otherwise` where there is none; for arithmetic that has its own way to say
/// "none".
double value_or(const Reading& reading, double otherwise);

}  // namespace ub
