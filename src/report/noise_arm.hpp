#pragma once

#include <optional>
#include <string>
#include <vector>

#include "metrics.hpp"
#include "uringbench/model/sample.hpp"
#include "uringbench/stats/drift.hpp"
#include "uringbench/stats/noise.hpp"

namespace ub::report {

/// The A/A arm of a study: cases that were measured a second time in the same blocks. What their
/// two measurements differ by is noise, whatever its cause.
class NoiseArm {
 public:
  NoiseArm() = default;
  /// Pairs each sample of purpose `noise` with the one of the comparison that has the same case and
  /// block.
  NoiseArm(const std::vector<Sample>& samples, Metric metric);

  /// Relative, of the median of so many blocks; 0 when not measured, which text() then says.
  [[nodiscard]] double floor_of_median(std::size_t blocks) const;

  /// "1.2% (95% of medians over 10 blocks, from 20 A/A pairs)", or "not measured: " and the reason.
  [[nodiscard]] std::string text(std::size_t blocks) const;

 private:
  std::vector<double> log_ratios_;
};

/// How the sentinel case changed through the study, in one sentence; empty without sentinel
/// samples.
std::string drift_text(const std::vector<Sample>& samples);

}  // namespace ub::report
