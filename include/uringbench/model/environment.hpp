#pragma once

#include <cstdint>
#include <string>

#include "uringbench/model/sample.hpp"

namespace ub {

/// The machine and the program, as the first line of samples.jsonl. `facts` are texts by name
/// ("kernel", "cpu_model", "clock_source", "governor", …); a fact that could not be had says why.
struct Environment {
  Facts facts;
  std::uint64_t seed = 0;

  friend bool operator==(const Environment&, const Environment&) = default;
};

}  // namespace ub
