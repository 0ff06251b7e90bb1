#pragma once

#include <string>

#include "uringbench/record/reader.hpp"

namespace ub::report {

/// The six questions of the classic study, answered with the study's own numbers and intervals:
/// why zero-copy is not always best, which cache level changes most, how clients and cache
/// contention go together, where one-copy and where zero-copy overtake, and what fits the two-term
/// model least. An answer that the data cannot give says why, and which run would give it. At most
/// 100 columns wide.
std::string answers_text(const record::Recording& recording);

}  // namespace ub::report
