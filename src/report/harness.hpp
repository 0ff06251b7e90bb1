#pragma once

#include <string>
#include <vector>

#include "uringbench/model/plan.hpp"
#include "uringbench/model/sample.hpp"

namespace ub::report {

/// The cases and samples of one purpose; a study holds those of its comparison and those that were
/// added to price the harness.
Plan part_of(const Plan& plan, Purpose purpose);
std::vector<Sample> part_of(const std::vector<Sample>& samples, Purpose purpose);

/// What measuring itself costs, from the null paths that the study added: "harness cost (null
/// path): pthread 12 ns, uring 210 ns a message", and a line for each that gave no figure. Whole
/// lines; empty if none was added.
std::string harness_footer(const Plan& plan, const std::vector<Sample>& samples);

}  // namespace ub::report
