#pragma once

#include <string>

#include "uringbench/report/forms.hpp"

namespace ub::report {

/// A type taken apart: "times[]?" is '?' around "times[]". `suffix` 0: it has none.
struct TypeParts {
  std::string inner;
  char suffix = 0;  ///< '[', '{', '?' or '!'
};

TypeParts parts_of(const std::string& type);

/// For people: "list of times, or null".
std::string type_text(const std::string& type);

}  // namespace ub::report
