#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "metrics.hpp"
#include "uringbench/report/crossovers.hpp"

namespace ub::report {

/// One value a block.
using BlockCosts = std::map<std::uint32_t, double>;

/// What a message costs with one mode, by size.
struct CostArm {
  std::string mode;  ///< with its batch where the mode alone is not unique
  std::map<std::uint64_t, BlockCosts> sizes;
};

/// Arms that differ in nothing but mode, batch and size.
struct CostGroup {
  Case example;
  std::vector<CostArm> arms;  ///< those that copy more first
};

/// Equal in all but mode, batch, size, and what follows from the size.
bool same_group(const Case& left, const Case& right);

std::vector<CostGroup> cost_groups(const std::vector<Sample>& samples, Objective objective);

/// ns a message.
Reading cost_of(const Sample& sample, Objective objective);

}  // namespace ub::report
