#pragma once

#include <algorithm>
#include <bit>
#include <cstdint>

#include "uringbench/model/case.hpp"

namespace ub::engine {

/// Bytes that one receive may take. For an upload 64 KiB, which is what a TCP segment of loopback
/// carries at most; for requests what may be in flight on a connection, as a server that knows its
/// protocol would choose: 10,000 connections must not take 10,000 large buffers.
inline std::uint64_t receive_size_bytes(const Case& the_case) {
  constexpr std::uint64_t kLeast = 4096;
  constexpr std::uint64_t kMost = 65536;
  if (!has_requests(the_case.workload)) return kMost;
  const std::uint64_t in_flight = the_case.request_size_bytes * std::max(the_case.depth, 1U);
  return std::bit_ceil(std::clamp(in_flight, kLeast, kMost));
}

}  // namespace ub::engine
