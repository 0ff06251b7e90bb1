#pragma once

#include "uringbench/model/plan.hpp"

namespace ub::plan {

/// Fewer repetitions say nothing about noise or drift.
inline constexpr std::uint32_t kFewestRepsForControls = 3;

/// Each size and number of clients could have its own A/A twin; so many of them, evenly spread over
/// the study, keep its price down.
inline constexpr std::size_t kMostNoiseCases = 4;

/// Adds what a study measures only to judge itself:
///   noise:    the first mode that can be had a second time, equal to a case of the comparison but
///             for its purpose (A/A);
///   sentinel: the first case that can be had, briefly, several times a block.
/// A plan that is not repeated often enough, or in which nothing can be had, stays as it is.
void add_controls(Plan& plan);

}  // namespace ub::plan
