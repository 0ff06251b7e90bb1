#pragma once

#include <string>
#include <vector>

#include "block.hpp"

namespace ub::report {

/// What a reader must know to read the table: the words of its head, and each thing in it that
/// limits what may be concluded. One note a line of text; only those that apply.
std::vector<std::string> notes_of(const std::vector<Block>& blocks, const BlockOptions& options);

}  // namespace ub::report
