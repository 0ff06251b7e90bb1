#pragma once

#include <string>
#include <vector>

#include "arrange.hpp"
#include "uringbench/report/crossovers.hpp"

namespace ub::report {

/// What a study says of zero-copy, in two sentences: where the kernel really did not copy, and
/// where it copied after all. Empty where it compares no zero-copy path with a copying one of the
/// same engine over several sizes, with enough repetitions for a crossover.
std::string zero_copy_finding(const std::vector<Sample>& samples,
                              const std::vector<CrossoverGroup>& groups);

}  // namespace ub::report
