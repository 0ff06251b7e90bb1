#pragma once

#include <optional>
#include <string>
#include <vector>

#include "uringbench/base/unavailable.hpp"
#include "uringbench/perf/counter_source.hpp"

namespace ub::perf {

/// One line of `uringbench probe`.
struct CounterStatus {
  std::string name;
  std::string meaning;
  std::optional<Unavailable> unavailable;  ///< none: it was opened here and really counted
};

/// Every counter a RoleMeter can read, each tried on the calling thread now; takes some 15 ms.
std::vector<CounterStatus> list_counters();
std::vector<CounterStatus> list_counters(CounterSource& source);

/// "role" and "cpus": the two scopes of a Sampler, each opened on the calling process now; what is
/// available says by which event and on what it hangs.
std::vector<CounterStatus> list_samplers();

}  // namespace ub::perf
