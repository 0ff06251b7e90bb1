#pragma once

#include <cstdint>
#include <variant>

#include "uringbench/base/unavailable.hpp"

namespace ub::perf {

/// The time stamp counter and CLOCK_MONOTONIC read at one moment.
struct TscPoint {
  std::uint64_t tsc = 0;
  std::uint64_t time_ns = 0;
  std::uint64_t uncertainty_ns = 0;  ///< the two may be this far apart
};

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

/// An ESTIMATE for machines without a PMU: CPU time times the TSC's constant rate. It equals core
/// cycles only while the core runs at that rate; turbo and power saving make it wrong by their
/// ratio. Never shown as "cycles".
double estimate_tsc_cycles(std::uint64_t cpu_ns, const TscRate& rate);

}  // namespace ub::perf
