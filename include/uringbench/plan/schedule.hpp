#pragma once

#include <cstdint>
#include <vector>

#include "uringbench/model/plan.hpp"

namespace ub::plan {

/// One sample that a study takes.
struct Slot {
  std::size_t position = 0;  ///< in plan.cases
  std::uint32_t block = 0;
  std::uint32_t rep = 0;  ///< how often the case ran before: no two samples of a case share it

  friend bool operator==(const Slot&, const Slot&) = default;
};

/// The samples of one block in the order in which they run: block_order() of every case, and the
/// sentinel at even distances between them, so often that the study has stats::kFewestSentinels of
/// them at its end. Depends on the plan alone, so a study can be continued from its file.
std::vector<Slot> block_schedule(const Plan& plan, std::uint32_t block);

}  // namespace ub::plan
