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

struct MemcpyOptions {
  std::uint64_t block_bytes = 4096;        ///< bytes a copy
  std::uint64_t source_bytes = 1U << 20U;  ///< the source rotates through so many
  std::uint64_t target_bytes = 8U << 20U;  ///< and the target: about what a socket may hold
  std::uint64_t duration_ns = 50'000'000;  ///< CPU time a try
};

/// Bytes a nanosecond of CPU time that memcpy(3) copies on the calling thread, the median of five
/// tries. CPU time, so that a busy machine does not spoil it. The yardstick by which time spent
/// copying is turned into copies.
double measure_memcpy_rate(const MemcpyOptions& options);

}  // namespace ub::perf
