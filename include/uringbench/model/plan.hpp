#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "uringbench/model/case.hpp"

namespace ub {

/// One case of a study, and why it cannot be had here (empty: it can).
struct PlannedCase {
  Case the_case;
  std::string unavailable;

  friend bool operator==(const PlannedCase&, const PlannedCase&) = default;
};

/// A study before it runs. Every block holds each case once, in an order drawn from `seed`.
struct Plan {
  std::vector<PlannedCase> cases;
  std::uint32_t reps = 1;
  std::uint64_t seed = 1;
};

}  // namespace ub
