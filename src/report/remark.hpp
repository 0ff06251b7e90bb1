#pragma once

#include <cstdint>
#include <string>

#include "arrange.hpp"

namespace ub::report {

/// What the path of a row claims, and for zero-copy what the kernel said of it: "one-copy",
/// "zero-copy, real 99.8%", "zero-copy asked, 100% copied". More than 1 % copied, or not reported,
/// costs the plain label (honesty rule 2).
std::string copy_label(const Row& row);

/// What stands behind the figures of a row: copies, marks, and how many repetitions it rests on if
/// some of `reps` are missing.
std::string remark_of(const Row& row, std::uint32_t reps);

/// "harness cost (null path): epoll 15 ns, uring 210 ns a message"; empty without a measured null
/// row.
std::string harness_cost(const Block& block);

}  // namespace ub::report
