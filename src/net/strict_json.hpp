#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <variant>

#include "uringbench/model/json.hpp"

namespace ub::net {

struct JsonLimits {
  int depth = 16;             ///< of nested objects and arrays
  std::size_t values = 1000;  ///< keys, members and elements together
};

/// What `text` holds, or why it is refused: not JSON, too deep, too many values, or a key twice in
/// one object (which readers resolve differently). Safe on text from anyone.
std::variant<Json, std::string> parse_strictly(std::string_view text, const JsonLimits& limits);

}  // namespace ub::net
