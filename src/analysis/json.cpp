// JSON of an analysis: groups and rows, noise, drift.
#include "uringbench/analysis/json.hpp"

#include <algorithm>

#include "uringbench/analysis/facts.hpp"
#include "uringbench/stats/quantile.hpp"

namespace ub::analysis {
namespace {

/// {"median","min","max","count","running"}, or why no sample has it.
Json figure_json(const Row& row, Metric metric) {
  if (const auto spread = spread_of(row, metric)) {
    return {{"median", spread->median}, {"interval", interval_json(interval_of(row, metric))},
            {"min", spread->min},       {"max", spread->max},
            {"count", spread->count},   {"running", spread->running}};
  }
  const Reading reading =
      row.valid.empty() ? Unavailable{"no sample is valid"} : metric(*row.valid.front());
  return {{"unavailable", std::get<Unavailable>(reading).reason}};
}

/// Quantiles of which some samples know only that they are no less.
bool is_lower_bound(const Row& row, std::string_view metric) {
  return metric.starts_with("latency_") &&
         std::any_of(row.valid.begin(), row.valid.end(),
                     [](const Sample* sample) { return latency_is_lower_bound(*sample); });
}

Json failures_json(const Row& row) {
  Json failures = Json::array();
  for (const Failure& each : row.failures) {
    failures.push_back({{"status", each.status}, {"reason", each.reason}, {"count", each.count}});
  }
  return failures;
}

/// Verdicts of the other objectives at a fixed arrival rate; empty without one.
Json at_load_json(const Row& row) {
  Json json = Json::object();
  for (const AtLoad& each : row.at_load) {
    json[std::string(to_text(each.objective))] = comparison_json(each.against_baseline);
  }
  return json;
}

Json levels_json(const std::optional<stats::TwoLevels>& levels) {
  if (!levels) return nullptr;
  return {{"low", levels->low}, {"high", levels->high}, {"at_high", levels->at_high}};
}

Json row_json(const Row& row, const Group& group) {
  Json figures = Json::object();
  for (const NamedMetric& each : metrics()) {
    Json& figure = figures[std::string(each.name)] = figure_json(row, each.metric);
    if (is_lower_bound(row, each.name)) figure["lower_bound"] = true;
  }
  const bool reports = row.the_case.family == Family::zero_copy && !row.valid.empty();
  return {{"variant", variant_name(row.the_case)},
          {"case", case_json(row.the_case, FactorKind::variant)},
          {"repetitions", row.valid.size()},
          {"failures", failures_json(row)},
          {"figures", figures},
          {"message_rate_interval", interval_json(rate_of(row))},
          {"message_rate_levels", levels_json(levels_of(row))},
          {"ratio", null_or(ratio_to(row, group.baseline_of(row)))},
          {"against_baseline",
           row.against_baseline ? comparison_json(*row.against_baseline) : Json(nullptr)},
          {"judged_by", to_text(judged_by(row.the_case))},
          {"at_load", at_load_json(row)},
          {"copied", to_text(facts_of(row).copied)},
          {"zero_copy", reports ? Json(zero_copy_of(row)) : Json(nullptr)},
          {"marks", marks_of(row)}};
}

Json buffers_json(const EnoughBuffers& each) {
  return {{"variant", each.variant},
          {"buffers", each.buffers},
          {"bytes", each.bytes},
          {"share_of_best_rate", each.share}};
}

Json groups_json(const std::vector<Group>& groups) {
  Json all = Json::array();
  for (const Group& group : groups) all.push_back(group);
  return all;
}

std::string_view to_text(stats::Trend trend) {
  switch (trend) {
    case stats::Trend::steady:
      return "steady";
    case stats::Trend::drifting:
      return "drifting";
    case stats::Trend::undecided:
      break;
  }
  return "undecided";
}

Json drift_json(const SentinelDrift& drift) {
  Json json{{"sentinel", variant_name(drift.sentinel)},
            {"values", drift.values.size()},
            {"message_rates", drift.values},
            {"last_over_first", nullptr},
            {"p_value", nullptr},
            {"trend", nullptr}};
  if (drift.found) {
    json["last_over_first"] = interval_json(drift.found->ratio);
    json["p_value"] = drift.found->p_value;
    json["trend"] = to_text(drift.found->trend);
  }
  return json;
}

}  // namespace

Json case_json(const Case& the_case, FactorKind kind) {
  const Json all = the_case;
  Json some = Json::object();
  for (const std::string_view key : keys_of(kind)) {
    const auto found = all.find(std::string(key));
    if (found != all.end()) some[std::string(key)] = *found;
  }
  return some;
}

Json curve_json(const Case& example) {
  Json json = example;
  for (const std::string_view key : keys_of(FactorKind::variant)) json.erase(std::string(key));
  for (const Factor& factor : factors()) {
    if (factor.follows_size) json.erase(std::string(factor.key));
  }
  json.erase("purpose");
  return json;
}

Json interval_json(const stats::Interval& interval) {
  return {{"low", interval.low},
          {"value", interval.value},
          {"high", interval.high},
          {"level", interval.level}};
}

Json interval_json(const std::optional<stats::Interval>& interval) {
  return interval ? interval_json(*interval) : Json(nullptr);
}

Json comparison_json(const stats::Comparison& comparison) {
  return {{"ratio", interval_json(comparison.ratio)},
          {"p_value", null_or(comparison.p_value)},
          {"p_adjusted", null_or(comparison.p_adjusted)},
          {"threshold", comparison.threshold},
          {"verdict", stats::to_text(comparison.verdict)},
          {"more_repetitions", null_or(comparison.more_blocks)}};
}

Json noise_json(const Noise& noise, std::size_t blocks) {
  Json json{
      {"pairs", noise.log_ratios.size()}, {"log_ratios", noise.log_ratios}, {"floor", nullptr}};
  if (const auto floor = noise.floor(blocks)) {
    json["floor"] = {{"one_block", floor->one_block},
                     {"of_median", floor->of_median},
                     {"level", floor->level},
                     {"blocks", floor->blocks}};
  }
  return json;
}

Json leaders_json(const std::vector<Leaders>& all) {
  Json json = Json::array();
  for (const Leaders& each : all) {
    json.push_back({{"by", to_text(each.by)},
                    {"title", each.title},
                    {"size_bytes", each.example.size_bytes},
                    {"batch", each.example.batch},
                    {"leaders", each.names},
                    {"next", null_or(each.next)},
                    {"over_next", interval_json(each.over_next)},
                    {"more_repetitions", null_or(each.more_blocks)}});
  }
  return json;
}

void to_json(Json& json, const Group& group) {
  const Case& example = group.rows.front().the_case;
  Json rows = Json::array();
  for (const Row& row : group.rows) rows.push_back(row_json(row, group));
  Json buffers = Json::array();
  for (const EnoughBuffers& each : group.enough_buffers) buffers.push_back(buffers_json(each));
  const Row* baseline = group.baseline_row();
  Json conditions = case_json(example, FactorKind::condition);
  conditions.update(case_json(example, FactorKind::setting));
  json = {
      {"title", group.title},
      {"case", conditions},
      {"baseline", baseline == nullptr ? Json(nullptr) : Json(variant_name(baseline->the_case))},
      {"rows", rows},
      {"enough_buffers", buffers}};
}

void to_json(Json& json, const Analysis& analysis) {
  Json crossovers = Json::array();
  for (const CrossoverGroup& group : analysis.crossovers) crossovers.push_back(group);
  const Judged judged = judged_of(analysis.groups);
  json = {{"schema", kSchema},
          {"record", "analysis"},
          {"repetitions", analysis.reps},
          {"seed", analysis.seed},
          {"facts_only", analysis.facts_only},
          {"baseline", null_or(analysis.baseline)},
          {"shared_factors", analysis.shared},
          {"leaders", leaders_json(analysis.leaders)},
          {"load_leaders", leaders_json(analysis.load_leaders)},
          {"cpu_leaders", leaders_json(analysis.cpu_leaders)},
          {"groups", groups_json(analysis.groups)},
          {"harness", groups_json(analysis.harness)},
          {"noise", noise_json(analysis.noise, judged.blocks)},
          {"drift", analysis.drift ? drift_json(*analysis.drift) : Json(nullptr)},
          {"crossovers", crossovers},
          {"finding", analysis.finding},
          {"answers", analysis.answers},
          {"latency_curves", latency_curves_json(analysis.latency_curves)},
          {"ledgers", ledgers_json(analysis.ledgers)},
          {"flames", flames_json(analysis.flames)}};
}

}  // namespace ub::analysis
