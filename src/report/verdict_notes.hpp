#pragma once

#include <string>
#include <vector>

#include "arrange.hpp"
#include "noise_arm.hpp"

namespace ub::report {

/// What stands behind the verdicts of a table: how they were made, the noise floor or why there is
/// none, and how many repetitions the undecided ones lack. Empty when no row was judged.
std::vector<std::string> verdict_notes(const std::vector<Block>& blocks, const NoiseArm& noise);

}  // namespace ub::report
