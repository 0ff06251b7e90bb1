#pragma once

#include <span>
#include <string>
#include <string_view>

#include "uringbench/model/case.hpp"

namespace ub::report {

/// A factor that one block of a table holds fixed: everything but the mode (engine, path, family)
/// and the batch, which stand in its rows.
struct Factor {
  std::string_view key;              ///< as in the JSON of a case
  std::string (*text)(const Case&);  ///< with its name: "nodelay off"
};

/// In the order in which a head prints them.
std::span<const Factor> factors();

/// Two cases may stand in one block. Compares whole cases, so a factor that is new in the model
/// separates blocks even before it is named here.
bool comparable(const Case& left, const Case& right);

}  // namespace ub::report
