#pragma once

#include <cstddef>
#include <map>
#include <optional>
#include <vector>

#include "uringbench/analysis/arrange.hpp"
#include "uringbench/stats/drift.hpp"
#include "uringbench/stats/noise.hpp"

/// What a study says of its own noise: from cases that it measured twice in each block, and from
/// one case that it measured again and again. Pure functions.
namespace ub::analysis {

/// The A/A twins of a study: what the two measurements of one case differ by is noise, whatever its
/// cause.
struct Noise {
  std::vector<double> log_ratios;  ///< one of each pair

  /// nullopt with fewer pairs than stats::kFewestPairs.
  [[nodiscard]] std::optional<stats::NoiseFloor> floor(std::size_t blocks) const;
  /// Relative, of the median of so many blocks; 0 when not measured.
  [[nodiscard]] double floor_of_median(std::size_t blocks) const;
};

/// Pairs each sample of Purpose::noise with the one of the comparison that has the same case and
/// block.
Noise noise_of(const std::vector<Sample>& samples, Metric metric);

/// How the sentinel case changed through the study.
struct SentinelDrift {
  Case sentinel;
  std::vector<double> values;         ///< message rates, in the order of the study
  std::optional<stats::Drift> found;  ///< none of fewer values than stats::kFewestSentinels
};

/// nullopt without sentinel samples.
std::optional<SentinelDrift> drift_of(const std::vector<Sample>& samples);

/// The comparison of the two sides of each, all judged together, with the noise of the study as
/// floor and as one comparison more for the prior (stats::compare()).
std::vector<stats::Comparison> compare_paired(const std::vector<Paired>& pairs, const Noise& noise);

/// The noise of each objective's merit in one study. Each is computed once: it pairs all twins of
/// the study.
class StudyNoise {
 public:
  /// `samples` outlive it.
  explicit StudyNoise(const std::vector<Sample>& samples) : samples_(samples) {}
  const Noise& of(Objective objective);

 private:
  const std::vector<Sample>& samples_;
  std::map<Objective, Noise> known_;
};

/// Fills Row::against_baseline and Row::at_load of every row but the baselines and the null paths,
/// within blocks. All rows that are judged by one objective are judged together, since each further
/// one is a further chance of a false claim. `noise` is that of the groups' study.
void judge(std::vector<Group>& groups, StudyNoise& noise);

}  // namespace ub::analysis
