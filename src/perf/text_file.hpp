#pragma once

#include <string>
#include <variant>

#include "uringbench/base/unavailable.hpp"

namespace ub::perf {

/// A whole file of /proc or /sys, whose sizes are not known beforehand; Unavailable names the
/// errno.
std::variant<std::string, Unavailable> read_text_file(const std::string& path);

}  // namespace ub::perf
