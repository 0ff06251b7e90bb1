#pragma once

#include <linux/perf_event.h>

#include <optional>
#include <string>

#include "uringbench/perf/counter_source.hpp"

namespace ub::perf {

/// What decides why perf_event_open(2) said no.
struct PerfFacts {
  std::optional<int> paranoid;  ///< kernel.perf_event_paranoid; none: the file is not there
  bool core_pmu = false;        ///< the kernel registered a PMU for the cores
};

PerfFacts read_perf_facts();

/// "ENOENT (No such file or directory): this kernel sees no PMU …": errno, likely cause and mend.
std::string explain_open_failure(const CounterSpec& spec, const CounterTarget& target, int error,
                                 const PerfFacts& facts);

}  // namespace ub::perf
