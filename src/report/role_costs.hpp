#pragma once

#include <vector>

#include "uringbench/report/explanation.hpp"

namespace ub::report {

/// Pools the ledgers of `usage` over profiled repetitions of one case.
RoleCosts role_costs(const std::vector<const Sample*>& profiled, RoleUsage Sample::*usage);

/// Every category of either side, the largest difference first. Empty when a side has no profile.
std::vector<CategoryDifference> differences(const RoleCosts& a, const RoleCosts& b);

}  // namespace ub::report
