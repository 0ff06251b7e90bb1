#pragma once

#include <cstdint>

namespace ub::perf {

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
