#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "uringbench/model/ledger.hpp"

namespace ub::protocol {

/// What a role measures of itself in one sample, beside its own books.
struct Metering {
  std::vector<std::string> counters = {};  ///< of the catalogue
  ProfileScope profile = ProfileScope::off;
  std::uint32_t frequency_hz = 997;  ///< of the sampler, a CPU
};

}  // namespace ub::protocol
