#pragma once

#include <string>
#include <vector>

#include "arrange.hpp"
#include "uringbench/report/crossovers.hpp"

namespace ub::report {

/// What every answer is made from: the comparison of one study.
struct Evidence {
  std::vector<Block> blocks;
  std::vector<CrossoverGroup> crossovers;
  std::vector<Sample> samples;
};

/// Sentences, one a paragraph; never empty.
using Answer = std::vector<std::string>;

Answer why_not_always_zero_copy(const Evidence& evidence);
Answer which_cache_level(const Evidence& evidence);
Answer clients_and_contention(const Evidence& evidence);
Answer where_overtakes(const Evidence& evidence, Family newer, const std::vector<Family>& older);
Answer most_unexpected(const Evidence& evidence);

/// Family of a mode as it stands in a PairCrossover; none for one that is not in the study.
Family family_of(const Evidence& evidence, const std::string& mode);

/// "1.23 [1.20, 1.26]"
std::string ratio_text(const stats::Interval& ratio);

}  // namespace ub::report
