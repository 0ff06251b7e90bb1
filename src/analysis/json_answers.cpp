// JSON of crossovers, the finding and the six answers.
#include <cmath>

#include "uringbench/analysis/json.hpp"
#include "uringbench/model/usage_json.hpp"

namespace ub::analysis {
namespace {

template <typename Value>
Json array_of(const std::vector<Value>& values, Json (*json_of)(const Value&)) {
  Json all = Json::array();
  for (const Value& each : values) all.push_back(json_of(each));
  return all;
}

Json side_json(const PairCrossover& pair, stats::Side side) {
  return side == stats::Side::neither ? Json(nullptr) : Json(pair.name(side));
}

Json threshold(const PairCrossover& pair, const stats::Crossing& crossing) {
  const bool a_below = crossing.cheaper_below == stats::Side::a;
  const stats::Interval& size = crossing.size_bytes;
  return {{"size_bytes", std::llround(size.value)},
          {"low", std::llround(size.low)},
          {"high", std::llround(size.high)},
          {"level", size.level},
          {"between", {crossing.below_bytes, crossing.above_bytes}},
          {"below", a_below ? pair.a : pair.b},
          {"from", a_below ? pair.b : pair.a}};
}

Json model_json(const stats::TwoTermModel& model) {
  return {{"fixed_ns", model.fixed},
          {"ns_per_byte", model.per_byte},
          {"worst_residual",
           {{"size_bytes", model.worst.size_bytes}, {"relative", model.worst.relative}}}};
}

Json variant_json(const SizedVariant& variant) {
  Json json = variant.model ? model_json(*variant.model) : Json::object();
  json["variant"] = variant.name;
  json["sizes"] = variant.sizes;
  return json;
}

Json winner_json(const Winner& winner) {
  return {{"variant", winner.name},
          {"how", to_text(winner.how)},
          {"size_bytes", interval_json(winner.size_bytes)}};
}

Json result_json(const ZeroCopyResult& result) {
  return {{"title", result.title},
          {"zero_copy", result.counts},
          {"sizes_bytes", result.sizes_bytes},
          {"decided", result.decided},
          {"winners", array_of(result.winners, winner_json)}};
}

Json overtaking_json(const Overtaking& each) {
  return {{"objective", to_text(each.objective)},
          {"title", each.title},
          {"newer", each.pair.name(each.newer)},
          {"crossover", each.pair}};
}

Json price_json(const ZeroCopyPrice& price) {
  Json json = overtaking_json(price.overtaking);
  json["zero_copy"] = model_json(price.zero_copy);
  json["two_copy"] = model_json(price.two_copy);
  json["more_ns_per_message"] = price.zero_copy.fixed - price.two_copy.fixed;
  json["more_ns_per_byte"] = price.zero_copy.per_byte - price.two_copy.per_byte;
  return json;
}

Json copied_json(const CopiedVariant& copied) {
  return {{"variant", copied.name}, {"zero_copy", copied.counts}};
}

Json cache_json(const CacheChange& change) {
  return {{"level", change.level},
          {"variant", change.name},
          {"baseline", change.baseline},
          {"size_bytes", change.the_case.size_bytes},
          {"clients", change.the_case.clients},
          {"misses_per_byte_ratio", interval_json(change.ratio)}};
}

Json crowding_json(const Crowding& crowding) {
  return {{"variant", variant_name(crowding.many)},
          {"size_bytes", crowding.many.size_bytes},
          {"clients", {crowding.few_clients, crowding.many.clients}},
          {"throughput_ratio", interval_json(crowding.throughput)},
          {"cpu_per_byte_ratio", interval_json(crowding.cpu_per_byte)},
          {"llc_misses_per_byte_ratio", interval_json(crowding.llc_misses_per_byte)}};
}

Json surprise_json(const Surprise& surprise) {
  Json json = model_json(surprise.model);
  json["objective"] = to_text(surprise.objective);
  json["variant"] = surprise.name;
  json["size_bytes"] = surprise.row.the_case.size_bytes;
  json["clients"] = surprise.row.the_case.clients;
  json["predicted_ns"] = surprise.predicted_ns;
  json["measured_over_predicted"] = interval_json(surprise.measured);
  return json;
}

}  // namespace

void to_json(Json& json, const PairCrossover& pair) {
  Json thresholds = Json::array();
  for (const stats::Crossing& each : pair.found.crossings)
    thresholds.push_back(threshold(pair, each));
  json = {{"a", pair.a},
          {"b", pair.b},
          {"sizes_bytes", pair.sizes_bytes},
          {"repetitions", pair.blocks},
          {"outcome", to_text(pair.found.outcome)},
          {"thresholds", thresholds},
          {"cheaper", side_json(pair, pair.found.cheaper)},
          {"more_repetitions", null_or(pair.found.more_blocks)},
          {"model_size_bytes", null_or(pair.predicted_bytes)}};
}

void to_json(Json& json, const CrossoverGroup& group) {
  Json pairs = Json::array();
  for (const PairCrossover& each : group.pairs) {
    Json pair = each;
    pair["sizes"] = array_of(each.found.sizes, comparison_json);
    pairs.push_back(std::move(pair));
  }
  json = {{"objective", to_text(group.objective)},
          {"title", group.title},
          {"case", curve_json(group.example)},
          {"variants", array_of(group.variants, variant_json)},
          {"pairs", pairs}};
}

void to_json(Json& json, const Finding& finding) {
  json = {{"real", array_of(finding.real, result_json)},
          {"copied", array_of(finding.copied, result_json)},
          {"cause", null_or(finding.cause)}};
}

void to_json(Json& json, const Answers& answers) {
  json = {{"why_zero_copy_is_not_always_best",
           {{"prices", array_of(answers.prices, price_json)},
            {"copied", array_of(answers.copied, copied_json)}}},
          {"cache_levels",
           {{"unavailable", null_or(answers.no_misses)},
            {"changes", array_of(answers.cache_levels, cache_json)}}},
          {"clients", array_of(answers.crowdings, crowding_json)},
          {"one_copy_overtakes", array_of(answers.one_copy, overtaking_json)},
          {"zero_copy_overtakes", array_of(answers.zero_copy, overtaking_json)},
          {"most_unexpected", answers.surprise ? surprise_json(*answers.surprise) : Json(nullptr)}};
}

}  // namespace ub::analysis
