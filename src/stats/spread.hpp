#pragma once

#include <span>

namespace ub::stats {

/// Standard deviation by the MAD; by squares where the MAD is 0 (more than half the values equal);
/// 0 for fewer than two values.
double robust_sigma(std::span<const double> values);

}  // namespace ub::stats
