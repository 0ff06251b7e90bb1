#pragma once

#include <cstddef>
#include <map>
#include <vector>

#include "uringbench/model/plan.hpp"
#include "uringbench/model/sample.hpp"

namespace ub::run {

/// Whether a study with a StopRule knows enough. Compares message rates: within a block, each case
/// of the comparison with the one of the baseline that does the same work. Pure.
class Precision {
 public:
  explicit Precision(const Plan& plan);

  /// In any order; only valid samples of the comparison count.
  void add(const Sample& sample);

  /// After `blocks` whole blocks. False without a rule and before kFewestBlocksUntil. A pair that
  /// has had no valid sample by then never will, and is not waited for.
  [[nodiscard]] bool reached(std::uint32_t blocks) const;

 private:
  struct Pair {
    std::size_t position = 0;  ///< in the plan
    std::size_t baseline = 0;
  };
  using Series = std::map<std::uint32_t, double>;  ///< rate by block

  [[nodiscard]] bool is_narrow(const Pair& pair) const;

  const Plan& plan_;
  std::vector<Pair> pairs_;
  std::vector<Series> rates_;  ///< by position
};

}  // namespace ub::run
