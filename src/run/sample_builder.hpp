#pragma once

#include <string_view>

#include "session.hpp"
#include "uringbench/model/sample.hpp"

namespace ub::run {

/// Whether a failure may be no more than the sign that the other role has failed: its sockets were
/// closed. The texts name the errno (engine/failure.hpp, load/connection_failure.hpp).
bool is_sign_of_peer(std::string_view failure);

/// A sample from the two edges of its window and the totals after the end. Pure: decides the status
/// (books that do not balance make it invalid), the figures and the marks.
Sample build_sample(const Case& the_case, const Edge& before, const Edge& after,
                    const Outcome& outcome);

}  // namespace ub::run
