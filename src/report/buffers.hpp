#pragma once

#include <string>

#include "arrange.hpp"

namespace ub::report {

/// What waiting for buffers costs in this block, and how few are enough: for a block with rows of
/// different --notify; empty for others.
std::string render_buffers(const Block& block);

}  // namespace ub::report
