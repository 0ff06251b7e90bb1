// JSON of two studies side by side, and of why one of two modes is faster.
#include <array>

#include "uringbench/analysis/json.hpp"
#include "uringbench/stats/quantile.hpp"

namespace ub::analysis {
namespace {

Json missing_json(const std::vector<MissingCase>& cases) {
  Json all = Json::array();
  for (const MissingCase& each : cases) {
    Json gaps = Json::array();
    for (const Gap& gap : each.gaps) {
      gaps.push_back({{"study", gap.study}, {"reason", gap.reason}});
    }
    all.push_back({{"name", each.name}, {"gaps", gaps}});
  }
  return all;
}

Json compared_side_json(const ComparedSide& side) {
  return {{"geometric_mean", side.geometric_mean()},
          {"values", side.values},
          {"repetitions", side.repetitions}};
}

Json facts_json(const std::vector<FactDifference>& differences) {
  Json facts = Json::array();
  for (const FactDifference& each : differences) {
    facts.push_back({{"name", each.name}, {"a", each.a}, {"b", each.b}});
  }
  return facts;
}

Json fact_changes_json(const std::vector<FactChange>& changes) {
  Json all = Json::array();
  for (const FactChange& each : changes) {
    all.push_back({{"variant", each.variant},
                   {"title", each.title},
                   {"fact", each.fact},
                   {"a", null_or(each.a)},
                   {"b", null_or(each.b)}});
  }
  return all;
}

Json values_json(const std::vector<double>& values) {
  return {{"median", null_or(stats::median(values))}, {"repetitions", values.size()}};
}

Json case_json(const StudyComparison& comparison, const ComparedCase& each) {
  return {{"variant", each.mode},
          {"title", each.title},
          {"a", compared_side_json(each.a)},
          {"b", compared_side_json(each.b)},
          {"b_against_a", comparison_json(each.result)},
          {"outcome", to_text(outcome_of(comparison, each))}};
}

Json copies_json(const ExplainedSide& side, const CopyYardstick& yardstick) {
  Json copies = Json::object();
  for (const Category category : kCopyCategories) {
    const auto cost = copies_per_byte(side, category, yardstick);
    copies[std::string(label(category))] =
        cost ? Json{{"copies_per_byte", cost->ns}, {"half_interval", cost->half}} : Json(nullptr);
  }
  return copies;
}

Json side_json(const ExplainedSide& side, const CopyYardstick& yardstick) {
  return {{"variant", variant_name(side.the_case)},
          {"case", side.the_case},
          {"claimed_copies", side.claim},
          {"message_rate", values_json(side.rates)},
          {"profiled_over_unprofiled", interval_json(side.slowdown)},
          {"server", role_json(side.server)},
          {"client", role_json(side.client)},
          {"copies", copies_json(side, yardstick)},
          {"failures", side.failures}};
}

}  // namespace

Json cost_json(const Cost& cost) {
  return {{"ns_per_message", cost.ns}, {"half_interval", cost.half}};
}

Json role_json(const RoleCosts& costs) {
  if (!costs.missing.empty()) return {{"unavailable", costs.missing}};
  Json categories = Json::object();
  for (const auto& [category, cost] : costs.per_message) {
    categories[std::string(label(category))] = cost_json(cost);
  }
  return {{"categories", categories},
          {"total_ns_per_message", costs.total_ns},
          {"bytes_per_message", costs.bytes_per_message},
          {"samples", costs.samples},
          {"lost", costs.lost},
          {"event", costs.event},
          {"events_on", null_or(costs.events_on)}};
}

Json differences_json(const std::vector<CategoryDifference>& differences) {
  Json all = Json::array();
  for (const CategoryDifference& each : differences) {
    all.push_back({{"category", label(each.category)},
                   {"a", cost_json(each.a)},
                   {"b", cost_json(each.b)},
                   {"b_minus_a", cost_json(each.difference)},
                   {"shown", each.shown()}});
  }
  return all;
}

void to_json(Json& json, const StudyComparison& comparison) {
  Json cases = Json::array();
  for (const ComparedCase& each : comparison.cases) cases.push_back(case_json(comparison, each));
  json = {{"schema", kSchema},
          {"record", "comparison"},
          {"objective", to_text(comparison.objective)},
          {"design", to_text(comparison.design)},
          {"pairs", comparison.pairs},
          {"limit", comparison.limit},
          {"environment_differences", facts_json(comparison.environment.differences)},
          {"environment_unknown", comparison.environment.unknown},
          {"facts_only", comparison.facts.no_speed},
          {"facts_compared", comparison.facts.cases},
          {"fact_changes", fact_changes_json(comparison.facts.changes)},
          {"cases", cases},
          {"missing", missing_json(comparison.missing)},
          {"unavailable", missing_json(comparison.unavailable)},
          {"noise",
           {{"a", noise_json(comparison.noise_a, comparison.blocks)},
            {"b", noise_json(comparison.noise_b, comparison.blocks)}}},
          {"outcome", to_text(outcome_of(comparison))}};
}

Json time_json(const std::optional<TimeDifference>& time) {
  if (!time) return nullptr;
  const auto cost = [](const Cost& each) { return Json{{"ns", each.ns}, {"half", each.half}}; };
  return {{"time_per_message", cost(time->time)},
          {"server_cpu_per_message", cost(time->server_cpu)},
          {"waiting_ns_per_message", time->waiting_ns()}};
}

void to_json(Json& json, const Explanation& explanation) {
  const CopyYardstick& yardstick = explanation.yardstick;
  json = {{"schema", kSchema},
          {"record", "explanation"},
          {"a", side_json(explanation.a, yardstick)},
          {"b", side_json(explanation.b, yardstick)},
          {"server", differences_json(explanation.server)},
          {"client", differences_json(explanation.client)},
          {"b_against_a", comparison_json(explanation.speed)},
          {"time_difference", time_json(explanation.time)},
          {"yardstick",
           {{"bytes_per_ns", yardstick.bytes_per_ns}, {"block_bytes", yardstick.block_bytes}}}};
}

}  // namespace ub::analysis
