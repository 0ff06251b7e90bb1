#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "uringbench/analysis/analysis.hpp"
#include "uringbench/analysis/facts.hpp"
#include "uringbench/stats/compare.hpp"

namespace ub::analysis {

struct CompareStudiesOptions {
  Objective objective = Objective::throughput;
  double min_effect = 0.03;  ///< relative: the limit that "not slower" is held to
};

/// Two studies that were measured one after the other. They outlive the comparison's making.
struct StudyPair {
  const StudyData* a = nullptr;
  const StudyData* b = nullptr;
};

/// A fact of the environments that is not alike; of a list only the items that differ. A side of
/// several studies that do not agree among themselves has all their values.
struct FactDifference {
  std::string name;
  std::string a;
  std::string b;

  friend bool operator==(const FactDifference&, const FactDifference&) = default;
};

struct ComparedFacts {
  std::vector<FactDifference> differences;
  /// Names of facts that no study knows: they may be alike or not.
  std::vector<std::string> unknown;
};

/// What one side measured of a case.
struct ComparedSide {
  /// For one pair every repetition; for several the geometric mean of each study, in their order;
  /// within one study the value of each block that both programs have.
  std::vector<double> values;
  std::size_t repetitions = 0;  ///< valid, of all studies

  [[nodiscard]] double geometric_mean() const;  ///< of the values; of none NaN
};

/// One case in all studies. The ratio is of the objective, b / a; `faster` is "b is better".
struct ComparedCase {
  std::string mode;   ///< with its batch if that is not 1
  std::string title;  ///< size, clients, and each factor in which the cases of the study differ
  ComparedSide a;
  ComparedSide b;
  stats::Comparison result;
};

/// Why a study has no figure of a case that another has.
struct Gap {
  std::string study;  ///< "A", "B"; of several pairs "A2"
  std::string reason;

  friend bool operator==(const Gap&, const Gap&) = default;
};

struct MissingCase {
  std::string name;  ///< "uring-send-zc, size 4K, 1 client"
  std::vector<Gap> gaps;
};

/// What the kernels did otherwise, apart from speed; of all studies of a side together.
struct FactComparison {
  /// Why no speed is compared, with the side: "A: the CPU is not real: …". Empty: it is.
  std::vector<std::string> no_speed;
  std::size_t cases = 0;  ///< of which facts were compared
  std::vector<FactChange> changes;
};

/// How studies stand to each other. `one_pair`: how far two studies of the same thing lie apart is
/// not known, so nothing is said of more than these two. `pairs`: each study counts once.
/// `blocks`: two programs in one study, within its blocks.
enum class StudyDesign { one_pair, pairs, blocks };

std::string_view to_text(StudyDesign design);

struct StudyComparison {
  Objective objective = Objective::throughput;
  StudyDesign design = StudyDesign::one_pair;
  std::size_t pairs = 1;  ///< of studies; of `blocks`: 1
  double limit = 0.03;
  ComparedFacts environment;
  FactComparison facts;
  std::vector<ComparedCase> cases;       ///< those of one title stand together
  std::vector<MissingCase> missing;      ///< in some study, or failed in all
  std::vector<MissingCase> unavailable;  ///< in every study
  /// The noise of the repetitions within the studies; none for pairs, whose noise is how the pairs
  /// differ.
  Noise noise_a;
  Noise noise_b;
  std::size_t blocks = 0;  ///< the most repetitions of a case and study: what the floors are of
};

/// Cases are the same when they differ at most in the CPUs of the roles and in the length of
/// warm-up and window: two machines seldom have the same. A study counts as one geometric mean per
/// case: its repetitions say how noisy it was, not how far another study of the same thing lies
/// off. At least one pair.
StudyComparison compare_studies(const std::vector<StudyPair>& pairs,
                                const CompareStudiesOptions& options = {});

/// Two programs whose samples were taken in turn within one study: a block of `a` and that of `b`
/// are neighbours in time, so they are compared within blocks, like two rows of a table.
StudyComparison compare_programs(const StudyPair& programs,
                                 const CompareStudiesOptions& options = {});

/// `slower`: some case is, beyond the limit and not by chance, which one pair never shows.
/// `missing`: some case has no figure in some study. `unclear`: of some case the interval reaches
/// beyond the limit, or the noise hides it. `nothing`: no case is in all studies. `facts_only`: no
/// speed is compared, for some study has none (FactComparison::no_speed).
enum class CompareOutcome { not_slower, slower, missing, unclear, nothing, facts_only };

CompareOutcome outcome_of(const StudyComparison& comparison);

/// The outcome of one case: not_slower, slower or unclear.
CompareOutcome outcome_of(const StudyComparison& comparison, const ComparedCase& each);

std::string_view to_text(CompareOutcome outcome);

}  // namespace ub::analysis
