#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "uringbench/analysis/arrange.hpp"
#include "uringbench/analysis/twins.hpp"

/// The answer that a study opens with: which way is ahead. Pure functions.
namespace ub::analysis {

/// The best of the rows of one group that have one batch.
struct Leaders {
  Objective by = Objective::throughput;
  std::string title;  ///< of the group
  Case example;       ///< of the first leader
  /// Variants: the one with the highest median merit, then those that were not shown to be slower
  /// than it, the faster ones first.
  std::vector<std::string> names;
  std::vector<std::string> modes;  ///< of `names`
  std::string next;                ///< the fastest of those that were shown to be slower; or empty
  std::optional<stats::Interval> over_next;  ///< the first leader's merit over it
  /// About so many repetitions more may decide one of the comparisons of the first leader with
  /// another: the fewest of all. None where one way leads, or where no number is known.
  std::optional<std::uint64_t> more_blocks;

  [[nodiscard]] bool decided() const { return names.size() == 1; }
};

/// For each group and batch with two ways or more that sent in two blocks or more. Every pair of
/// ways is compared, and all pairs of the study are judged together, so that to pick the best one
/// from the same data makes no further false claims. By throughput and by latency only those cases
/// are put in order that judged_by() says so of; by CPU time all. `noise` is that of the merit.
std::vector<Leaders> leaders_of(const std::vector<Group>& groups, const Noise& noise, Objective by);

}  // namespace ub::analysis
