// The crossovers of a study for programs.
#include <cmath>

#include "uringbench/model/factor.hpp"
#include "uringbench/model/json.hpp"
#include "uringbench/report/crossovers.hpp"
#include "write.hpp"

namespace ub::report {
namespace {

std::string_view outcome_text(stats::CrossoverOutcome outcome) {
  switch (outcome) {
    case stats::CrossoverOutcome::crossing:
      return "crossing";
    case stats::CrossoverOutcome::several:
      return "several";
    case stats::CrossoverOutcome::never:
      return "never";
    case stats::CrossoverOutcome::undecided:
      return "undecided";
  }
  return "undecided";
}

/// What holds for the whole group.
Json shared_case(const Case& example) {
  Json json = example;
  for (const std::string_view key : keys_of(FactorKind::variant)) json.erase(std::string(key));
  for (const Factor& factor : factors()) {
    if (factor.follows_size) json.erase(std::string(factor.key));
  }
  json.erase("purpose");
  return json;
}

/// The factors that all groups have alike.
Json common_case(const std::vector<CrossoverGroup>& groups) {
  if (groups.empty()) return Json::object();
  Json common = shared_case(groups.front().example);
  for (const CrossoverGroup& group : groups) {
    const Json other = shared_case(group.example);
    for (auto factor = common.begin(); factor != common.end();) {
      const bool alike = other.at(factor.key()) == factor.value();
      factor = alike ? std::next(factor) : common.erase(factor);
    }
  }
  return common;
}

/// The factors of a group that are not common to all.
Json own_case(const CrossoverGroup& group, const Json& common) {
  Json own = Json::object();
  const Json all = shared_case(group.example);
  for (const auto& [key, value] : all.items()) {
    if (!common.contains(key)) own[key] = value;
  }
  return own;
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

Json cheaper_of(const PairCrossover& pair) {
  if (pair.found.cheaper == stats::Side::neither) return nullptr;
  return pair.found.cheaper == stats::Side::a ? pair.a : pair.b;
}

template <typename Value>
Json null_or(const std::optional<Value>& value) {
  return value ? Json(*value) : Json(nullptr);
}

Json pair_json(const CrossoverGroup& group, const PairCrossover& pair, const Json& common) {
  Json thresholds = Json::array();
  for (const stats::Crossing& crossing : pair.found.crossings) {
    thresholds.push_back(threshold(pair, crossing));
  }
  return {{"objective", to_text(group.objective)},
          {"case", own_case(group, common)},
          {"a", pair.a},
          {"b", pair.b},
          {"sizes_bytes", pair.sizes_bytes},
          {"repetitions", pair.blocks},
          {"outcome", outcome_text(pair.found.outcome)},
          {"thresholds", thresholds},
          {"cheaper", cheaper_of(pair)},
          {"more_repetitions", null_or(pair.found.more_blocks)},
          {"model_size_bytes", null_or(pair.predicted_bytes)}};
}

Json model_json(const CrossoverGroup& group, const ModeModel& each, const Json& common) {
  return {{"objective", to_text(group.objective)},
          {"case", own_case(group, common)},
          {"mode", each.mode},
          {"fixed_ns", each.model.fixed},
          {"ns_per_byte", each.model.per_byte},
          {"worst_residual",
           {{"size_bytes", each.model.worst.size_bytes}, {"relative", each.model.worst.relative}}}};
}

}  // namespace

void write_thresholds(std::ostream& out, const Environment& environment,
                      const std::vector<CrossoverGroup>& groups) {
  const Json common = common_case(groups);
  Json crossovers = Json::array();
  Json models = Json::array();
  for (const CrossoverGroup& group : groups) {
    for (const PairCrossover& pair : group.pairs)
      crossovers.push_back(pair_json(group, pair, common));
    for (const ModeModel& each : group.models) models.push_back(model_json(group, each, common));
  }
  const Json json = {{"schema", 1},
                     {"record", "thresholds"},
                     {"environment", environment.facts},
                     {"seed", environment.seed},
                     {"case", common},
                     {"crossovers", crossovers},
                     {"models", models}};
  constexpr int kIndent = 2;
  write(out, json.dump(kIndent, ' ', false, Json::error_handler_t::replace) + '\n');
}

void ThresholdsReporter::begin(const Environment& environment, const Plan& /*plan*/) {
  environment_ = environment;
  samples_.clear();
}

void ThresholdsReporter::sample(const Sample& sample) {
  samples_.push_back(sample);
}

void ThresholdsReporter::end() {
  write_thresholds(out_, environment_, find_crossovers(samples_));
}

}  // namespace ub::report
