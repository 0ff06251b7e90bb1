#pragma once

#include "session.hpp"
#include "uringbench/model/sample.hpp"

namespace ub::run {

/// A sample from the two edges of its window and the totals after the end. Pure: decides the status
/// (books that do not balance make it invalid), the figures and the marks.
Sample build_sample(const Case& the_case, const Edge& before, const Edge& after,
                    const Outcome& outcome);

}  // namespace ub::run
