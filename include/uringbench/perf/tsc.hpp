#pragma once

#include <cstdint>
#include <variant>

#include "uringbench/base/unavailable.hpp"
#include "uringbench/model/usage.hpp"

namespace ub::perf {

/// The closest pair of several tries. Unavailable where there is no invariant TSC (/proc/cpuinfo:
/// constant_tsc and nonstop_tsc), since ticks of a TSC that changes speed mean nothing.
std::variant<TscPoint, Unavailable> read_tsc_point();

/// Ticks a second between two points at least 1 ms apart, with the relative error that their
/// uncertainties leave (CLOCK_MONOTONIC itself may be slewed by 500 ppm, adjtimex(2)).
struct TscRate {
  double ticks_per_second = 0;
  double relative_error = 0;
};
TscRate tsc_rate(const TscPoint& first, const TscPoint& last);

/// CPU time times that rate; see the warning at TscCyclesEstimate.
TscCyclesEstimate estimate_tsc_cycles(std::uint64_t cpu_ns, const TscRate& rate);

}  // namespace ub::perf
