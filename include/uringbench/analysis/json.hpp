#pragma once

#include "uringbench/analysis/analysis.hpp"
#include "uringbench/analysis/compare_studies.hpp"
#include "uringbench/analysis/explanation.hpp"
#include "uringbench/analysis/matrix.hpp"
#include "uringbench/model/json.hpp"

/// The JSON of what an analysis says; docs/analysis-json.md describes it. Written, never read.
/// Names never change their meaning. What could not be had is null, or {"unavailable": reason}.
namespace ub::analysis {

void to_json(Json& json, const Analysis& analysis);
void to_json(Json& json, const StudyComparison& comparison);
void to_json(Json& json, const Explanation& explanation);
void to_json(Json& json, const Matrix& matrix);

void to_json(Json& json, const Group& group);
void to_json(Json& json, const CrossoverGroup& group);
void to_json(Json& json, const PairCrossover& pair);
void to_json(Json& json, const Finding& finding);
void to_json(Json& json, const Answers& answers);

Json latency_curves_json(const std::vector<LatencyCurve>& curves);
Json ledgers_json(const std::vector<LedgerGroup>& groups);
Json flames_json(const std::vector<FlameGroup>& groups);
/// {"ns_per_message","half_interval"}
Json cost_json(const Cost& cost);
/// One role's ledger, or why there is none.
Json role_json(const RoleCosts& costs);
Json differences_json(const std::vector<CategoryDifference>& differences);

/// The factors of one kind only, as they stand in the JSON of a case.
Json case_json(const Case& the_case, FactorKind kind);

/// The conditions and settings of a curve: without variants and what follows from the size.
Json curve_json(const Case& example);

/// {"low","value","high","level"}
Json interval_json(const stats::Interval& interval);
Json interval_json(const std::optional<stats::Interval>& interval);
Json comparison_json(const stats::Comparison& comparison);
/// With the floor of the median of so many blocks; null where it was not measured.
Json noise_json(const Noise& noise, std::size_t blocks);

}  // namespace ub::analysis
