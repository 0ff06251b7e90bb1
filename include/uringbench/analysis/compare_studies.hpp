#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "uringbench/analysis/analysis.hpp"
#include "uringbench/stats/compare.hpp"

namespace ub::analysis {

struct CompareStudiesOptions {
  Objective objective = Objective::throughput;
  double min_effect = 0.03;  ///< relative; a smaller difference is `same`
};

/// A fact of the two environments that is not alike; of a list only the items that differ.
struct FactDifference {
  std::string name;
  std::string a;
  std::string b;

  friend bool operator==(const FactDifference&, const FactDifference&) = default;
};

/// One case in both studies. The ratio is of the objective, b / a; `faster` is "b is better".
struct ComparedCase {
  std::string mode;   ///< with its batch if that is not 1
  std::string title;  ///< size, clients, and each factor in which the cases of the study differ
  std::vector<double> a;
  std::vector<double> b;
  stats::Comparison result;
};

struct StudyComparison {
  Objective objective = Objective::throughput;
  std::vector<FactDifference> environment;
  std::vector<ComparedCase> cases;  ///< those of one title stand together
  std::vector<std::string>
      only_a;  ///< "uring-send-zc, size 4K, 1 client", with no valid sample in b
  std::vector<std::string> only_b;
  Noise noise_a;
  Noise noise_b;
  std::size_t blocks = 0;  ///< the most repetitions that a case has: what the floors are of
};

/// Cases are the same when they differ at most in the CPUs of the roles and in the length of
/// warm-up and window: two machines seldom have the same. The studies share no blocks, so medians
/// are compared, with a bootstrap interval (stats::Design::independent).
StudyComparison compare_studies(const StudyData& a, const StudyData& b,
                                const CompareStudiesOptions& options = {});

/// `nothing`: not one case has a verdict, because none is in both, repetitions are too few, or the
/// noise is too large.
enum class CompareOutcome { not_slower, slower, nothing };

CompareOutcome outcome_of(const StudyComparison& comparison);

std::string_view to_text(CompareOutcome outcome);

}  // namespace ub::analysis
