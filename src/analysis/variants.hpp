#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "uringbench/analysis/metrics.hpp"

namespace ub::analysis {

/// One value a block.
using BlockCosts = std::map<std::uint32_t, double>;

/// What a message costs with one variant, by size.
struct VariantCosts {
  std::string name;  ///< with its batch where the variant name alone is not unique
  Case example;
  ZeroCopyCounts zero_copy;  ///< of all its samples
  std::map<std::uint64_t, BlockCosts> sizes;
  std::map<std::uint64_t, std::uint32_t> batches;  ///< by size: that of a path may shrink with it
};

/// Variants that share every condition but the size.
struct CostGroup {
  Case example;
  std::vector<VariantCosts> variants;  ///< those that copy more first
};

/// From the valid samples of the comparison, in an order that does not depend on the seed.
std::vector<CostGroup> cost_groups(const std::vector<Sample>& samples, Objective objective);

}  // namespace ub::analysis
