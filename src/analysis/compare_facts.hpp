#pragma once

#include <vector>

#include "uringbench/analysis/compare_studies.hpp"

namespace ub::analysis {

/// The environments of all A against those of all B.
ComparedFacts compare_facts(const std::vector<StudyPair>& pairs);

/// What the cases of all A did against those of all B.
FactComparison compare_case_facts(const std::vector<StudyPair>& pairs);

}  // namespace ub::analysis
