#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "uringbench/analysis/answers.hpp"
#include "uringbench/analysis/arrange.hpp"
#include "uringbench/analysis/crossovers.hpp"
#include "uringbench/analysis/flames.hpp"
#include "uringbench/analysis/latency_curves.hpp"
#include "uringbench/analysis/leaders.hpp"
#include "uringbench/analysis/ledgers.hpp"
#include "uringbench/analysis/twins.hpp"
#include "uringbench/model/environment.hpp"
#include "uringbench/model/plan.hpp"
#include "uringbench/record/reader.hpp"

/// Everything that a study says, as plain data: reports only word and draw it. Pure functions.
namespace ub::analysis {

/// A finished study, or what there is of it. The one copy of its samples.
struct StudyData {
  Environment environment;
  Plan plan;
  std::vector<Sample> samples;
  std::vector<FoldedStacks> stacks = {};  ///< of a profiled study, where they were kept
};

/// With the plan of the file, or one that fits its samples (record::plan_of()).
StudyData study_of(record::Recording recording);

/// Refers to the samples of the study, which outlives it.
struct Analysis {
  std::uint32_t reps =
      1;  ///< blocks; of a study that ends when it knows enough: as many as it took
  std::uint64_t seed = 1;
  /// Why only facts are said, and no speed is compared (why_facts_only()); empty: speed counts.
  /// Then there are no baselines, verdicts, leaders, crossovers and answers.
  std::vector<std::string> facts_only;
  std::string baseline;             ///< as asked for; empty: the first of each group
  std::vector<std::string> shared;  ///< factors that all groups have alike, with their values
  std::vector<Group> groups;        ///< of the comparison, judged; its null paths are rows, too
  std::vector<Group> harness;       ///< null paths that were added to price the harness
  Noise noise;                      ///< of the message rate
  std::vector<Leaders> leaders;
  std::vector<Leaders> load_leaders;  ///< by the p99 of the response time, at a fixed arrival rate
  std::vector<Leaders> cpu_leaders;   ///< by messages per second of CPU time of both roles
  std::optional<SentinelDrift> drift;
  std::vector<CrossoverGroup> crossovers;
  Finding finding;
  Answers answers;
  std::vector<LatencyCurve> latency_curves;
  std::vector<LedgerGroup> ledgers;
  std::vector<FlameGroup> flames;
};

/// `baseline` is a mode or a variant.
Analysis analyse(const StudyData& study, const std::string& baseline = "");

/// What stands behind the verdicts of an analysis.
struct Judged {
  std::size_t verdicts = 0;
  std::size_t blocks = 0;        ///< the most that a row rests on
  double level = 1;              ///< that every interval has at the least
  double threshold = 0;          ///< of the first verdict
  std::uint64_t least_more = 0;  ///< repetitions that undecided rows lack; 0: none is known
  std::uint64_t most_more = 0;
};

Judged judged_of(const std::vector<Group>& groups);

}  // namespace ub::analysis
