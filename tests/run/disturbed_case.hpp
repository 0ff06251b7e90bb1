#pragma once

#include <string>

#include "uringbench/base/affinity.hpp"
#include "uringbench/model/case.hpp"

namespace ub::run {

/// A stream that keeps both roles busy, for tests that kill or stop them.
inline Case disturbed_case(EngineKind engine, std::uint64_t duration_ns) {
  Case c;
  c.engine = engine;
  c.path = "two-copy";
  c.family = Family::two_copy;
  c.size_bytes = 65536;
  c.working_set_bytes = 16 * 65536;
  c.server_cpus = std::to_string(allowed_cpus().back());
  c.client_cpus = std::to_string(allowed_cpus().front());
  c.duration_ns = duration_ns;
  return c;
}

}  // namespace ub::run
