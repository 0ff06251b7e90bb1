#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "metrics.hpp"
#include "uringbench/model/plan.hpp"
#include "uringbench/model/sample.hpp"
#include "uringbench/stats/compare.hpp"

namespace ub::report {

/// Repetitions of one case that gave no valid sample, alike in status and reason. Never dropped.
struct Failure {
  std::string status;  ///< of Status, or "not run" for a planned case without any sample
  std::string reason;
  std::size_t count = 0;

  friend bool operator==(const Failure&, const Failure&) = default;
};

/// Everything that is known of one case.
struct Row {
  Case the_case;
  std::vector<Sample> valid;
  std::vector<Failure> failures;
  /// By judge(): the message rate within blocks. None for the baseline, and before it was judged.
  std::optional<stats::Comparison> against_baseline = std::nullopt;
};

/// Rows that are comparable(): they differ in mode and batch only.
struct Block {
  std::vector<Row> rows;
};

/// Of one metric over the repetitions of a row.
struct Spread {
  double median = 0;
  double min = 0;
  double max = 0;
};

/// Blocks and rows in the order of the plan; cases that were not planned follow in the order of the
/// samples.
std::vector<Block> arrange(const Plan& plan, const std::vector<Sample>& samples);

/// Over the valid samples that have the metric; nullopt when none has.
std::optional<Spread> spread_of(const Row& row, Metric metric);

/// The row that ratios of a block compare with: the first with a valid sample that sends, of the
/// mode `baseline` unless that is empty. Null when there is none.
const Row* baseline_of(const Block& block, const std::string& baseline);

}  // namespace ub::report
