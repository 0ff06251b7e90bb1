#pragma once

#include "uringbench/model/factor.hpp"

namespace ub::report {

/// Whether two cases may stand in one group of a table: they differ in variant factors alone.
bool comparable(const Case& left, const Case& right);

}  // namespace ub::report
