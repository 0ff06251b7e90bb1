#pragma once

#include <map>
#include <string>
#include <variant>

#include "uringbench/base/unavailable.hpp"

namespace ub {

/// A counted value over one window. `running` is the share of the window during which it was really
/// counted (perf_event_open(2): time_running / time_enabled); `value` is already scaled up by it.
struct Counted {
  double value = 0;
  double running = 1;

  friend bool operator==(const Counted&, const Counted&) = default;
};

/// A value, or why there is none. There is no third state and no 0 that means "not measured".
using Reading = std::variant<Counted, Unavailable>;

/// Counter name (perf-list(1) spelling with underscores: "cycles", "l1d_misses") to its reading.
using Readings = std::map<std::string, Reading>;

/// The change from `before` to `after`. Unavailable if either is; `running` is taken from `after`.
Readings difference(const Readings& before, const Readings& after);

/// The value, or `otherwise` where there is none; for arithmetic that has its own way to say
/// "none".
double value_or(const Reading& reading, double otherwise);

}  // namespace ub
