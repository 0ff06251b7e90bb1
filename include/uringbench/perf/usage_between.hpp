#pragma once

#include "uringbench/model/snapshot.hpp"

namespace ub::perf {

/// What was used between two totals: the model's fields that belong to a window.
RoleUsage usage_between(const RoleUsage& before, const RoleUsage& after);

}  // namespace ub::perf
