// What a comparison of studies allows to be said about "is B slower than A?".
#include <algorithm>
#include <cmath>

#include "uringbench/analysis/compare_studies.hpp"

namespace ub::analysis {
namespace {

/// The whole interval of the ratio is better than the limit.
bool is_within_limit(const StudyComparison& comparison, const stats::Interval& ratio) {
  const bool rate = comparison.objective == Objective::throughput;
  const double worst = rate ? -std::log(ratio.low) : std::log(ratio.high);
  return worst <= std::log1p(comparison.limit);
}

bool any_case_is(const StudyComparison& comparison, CompareOutcome outcome) {
  return std::any_of(
      comparison.cases.begin(), comparison.cases.end(),
      [&](const ComparedCase& each) { return outcome_of(comparison, each) == outcome; });
}

}  // namespace

CompareOutcome outcome_of(const StudyComparison& comparison, const ComparedCase& each) {
  const stats::Comparison& result = each.result;
  if (result.verdict == stats::Verdict::slower) {
    const bool one_pair = comparison.design == StudyDesign::one_pair;
    return one_pair ? CompareOutcome::unclear : CompareOutcome::slower;
  }
  if (result.verdict == stats::Verdict::faster) return CompareOutcome::not_slower;
  const bool visible = result.threshold <= comparison.limit;  // not hidden by the noise floor
  const bool within = result.ratio && is_within_limit(comparison, *result.ratio);
  return visible && (within || result.verdict == stats::Verdict::same) ? CompareOutcome::not_slower
                                                                       : CompareOutcome::unclear;
}

CompareOutcome outcome_of(const StudyComparison& comparison) {
  if (!comparison.facts.no_speed.empty()) {
    return comparison.facts.cases == 0 ? CompareOutcome::nothing : CompareOutcome::facts_only;
  }
  if (comparison.cases.empty()) return CompareOutcome::nothing;
  if (any_case_is(comparison, CompareOutcome::slower)) return CompareOutcome::slower;
  if (!comparison.missing.empty()) return CompareOutcome::missing;
  const bool unclear = any_case_is(comparison, CompareOutcome::unclear);
  return unclear ? CompareOutcome::unclear : CompareOutcome::not_slower;
}

std::string_view to_text(CompareOutcome outcome) {
  switch (outcome) {
    case CompareOutcome::not_slower:
      return "not_slower";
    case CompareOutcome::slower:
      return "slower";
    case CompareOutcome::missing:
      return "missing";
    case CompareOutcome::unclear:
      return "unclear";
    case CompareOutcome::facts_only:
      return "facts_only";
    case CompareOutcome::nothing:
      break;
  }
  return "nothing";
}

std::string_view to_text(StudyDesign design) {
  switch (design) {
    case StudyDesign::one_pair:
      return "one_pair";
    case StudyDesign::pairs:
      return "pairs";
    case StudyDesign::blocks:
      break;
  }
  return "blocks";
}

}  // namespace ub::analysis
