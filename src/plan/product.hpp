#pragma once

#include <vector>

#include "uringbench/model/factor.hpp"
#include "uringbench/plan/options.hpp"

namespace ub::plan {

/// A factor that was named, and its values in canonical form.
struct Choice {
  const Factor* factor = nullptr;
  std::vector<std::string> values;
};

/// What was asked for, in the order of the product, slowest first. Throws UsageError for an option
/// that no factor has, a value that its factor does not accept, none at all, one that is named
/// twice, and several of a setting.
std::vector<Choice> choices_of(const AskedFactors& asked);

/// One case for every combination of the values, every other factor at its default, where that does
/// not depend on the mode or the machine. Throws UsageError for more than `most` cases.
std::vector<Case> product_of(const std::vector<Choice>& choices, std::size_t most);

}  // namespace ub::plan
