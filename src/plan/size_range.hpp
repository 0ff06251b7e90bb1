#pragma once

#include <string>
#include <vector>

#include "uringbench/model/factor.hpp"

namespace ub::plan {

/// The values of a factor of sizes with each range in full: "64..1K" is 64, 128, 256, 512, 1K (from
/// the first by doubling, and the last). Other values, and those of other factors, stay. Throws
/// UsageError for a range that does not rise.
std::vector<std::string> with_ranges(const Factor& factor, const std::vector<std::string>& typed);

}  // namespace ub::plan
