#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "uringbench/analysis/arrange.hpp"
#include "uringbench/analysis/explanation.hpp"

/// Where the CPU time of the profiled cases of a study went, side by side. Pure functions.
namespace ub::analysis {

struct CaseLedger {
  Case the_case;
  RoleCosts server;
  RoleCosts client;
};

/// Two cases of one group, by their positions in it.
struct LedgerPair {
  std::size_t a = 0;
  std::size_t b = 0;
  std::vector<CategoryDifference> server;  ///< b - a, the largest difference first
  std::vector<CategoryDifference> client;
};

/// Profiled cases that differ in variant factors only.
struct LedgerGroup {
  std::string title;
  std::vector<CaseLedger> cases;
  /// Every two cases that have a profile; of more than kMostPairedCases only those with the first.
  std::vector<LedgerPair> pairs;
};

inline constexpr std::size_t kMostPairedCases = 6;

/// One per group whose samples were profiled (Purpose::profile); empty where nothing was.
std::vector<LedgerGroup> ledgers_of(const std::vector<Group>& profiled, const Titles& titles);

}  // namespace ub::analysis
