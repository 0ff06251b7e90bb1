#pragma once

#include <cstddef>

#include "uringbench/path/registry.hpp"

namespace ub {

/// Modes that there can be: system calls serve two engines, a ring one.
inline std::size_t pairs_that_can_exist() {
  std::size_t pairs = 0;
  for (const path::Descriptor& path : path::registry()) {
    pairs += (path.make_syscall ? 2U : 0U) + (path.make_ring ? 1U : 0U);
  }
  return pairs;
}

}  // namespace ub
