#pragma once

#include <string>
#include <vector>

#include "arrange.hpp"
#include "uringbench/model/environment.hpp"
#include "uringbench/model/plan.hpp"

namespace ub::report {

/// Program, kernel and CPU; a whole line, or nothing when none is known.
std::string machine_line(const Environment& environment);

/// What the whole table shares: machine, factors that every block has alike, repetitions, seed; and
/// the sentence about links that deliver on this host when a zero-copy row is in it. Whole lines.
std::string table_head(const Environment& environment, const Plan& plan,
                       const std::vector<Block>& blocks);

/// Size and clients of a block, and every other factor in which the blocks differ.
std::string block_title(const Block& block, const std::vector<Block>& blocks);

}  // namespace ub::report
