#pragma once

#include <optional>
#include <span>
#include <string>
#include <vector>

#include "arrange.hpp"
#include "noise_arm.hpp"
#include "uringbench/stats/compare.hpp"

namespace ub::report {

/// One value a block of each side, a[i] and b[i] of the same block: what a paired comparison takes.
struct Paired {
  std::vector<double> a;
  std::vector<double> b;
};

/// The blocks in which both rows have a valid sample with the metric, in ascending order.
Paired paired_values(const Row& a, const Row& b, Metric metric);

/// Values of the metric over the valid samples that have it.
std::vector<double> values_of(const Row& row, Metric metric);

struct JudgeOptions {
  std::string baseline;  ///< as in TableOptions
  NoiseArm noise;
};

/// Fills Row::against_baseline of every row but the baselines and the null paths: message rate (the
/// goodput in other units) within blocks, all rows of the study together, since each further one is
/// a further chance of a false claim.
void judge(std::vector<Block>& blocks, const JudgeOptions& options);

}  // namespace ub::report
