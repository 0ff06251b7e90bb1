// The format `thresholds`: the crossovers of a study as settings to copy:
// {"schema":1,"record":"thresholds","environment":{...},"seed","case":{what all have alike},
//  "crossovers":[{"objective","case":{...},"a","b","sizes_bytes":[...],"repetitions",
//   "outcome":"crossing|several|never|undecided",
//   "thresholds":[{"size_bytes","low","high","level","between":[below,above],"below":MODE,
//   "from":MODE}],"cheaper":MODE|null,"more_repetitions":N|null,"model_size_bytes":x|null}],
//  "models":[{"objective","case","mode","fixed_ns","ns_per_byte","worst_residual"}]}
#include "renders.hpp"
#include "uringbench/analysis/json.hpp"

namespace ub::report {
namespace {

using analysis::CrossoverGroup;
using analysis::curve_json;

/// The factors that all groups have alike.
Json common_case(const std::vector<CrossoverGroup>& groups) {
  if (groups.empty()) return Json::object();
  Json common = curve_json(groups.front().example);
  for (const CrossoverGroup& group : groups) {
    const Json other = curve_json(group.example);
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
  const Json all = curve_json(group.example);
  for (const auto& [key, value] : all.items()) {
    if (!common.contains(key)) own[key] = value;
  }
  return own;
}

Json pair_json(const CrossoverGroup& group, const analysis::PairCrossover& pair,
               const Json& common) {
  Json json = pair;
  json["objective"] = to_text(group.objective);
  json["case"] = own_case(group, common);
  return json;
}

Json model_json(const CrossoverGroup& group, const analysis::SizedVariant& each,
                const Json& common) {
  const stats::TwoTermModel& model = *each.model;
  return {{"objective", to_text(group.objective)},
          {"case", own_case(group, common)},
          {"mode", each.name},
          {"fixed_ns", model.fixed},
          {"ns_per_byte", model.per_byte},
          {"worst_residual",
           {{"size_bytes", model.worst.size_bytes}, {"relative", model.worst.relative}}}};
}

Page thresholds(const analysis::StudyData& study, const analysis::Analysis& analysis,
                const Look& /*look*/) {
  const std::vector<CrossoverGroup>& groups = analysis.crossovers;
  const Json common = common_case(groups);
  Json crossovers = Json::array();
  Json models = Json::array();
  for (const CrossoverGroup& group : groups) {
    for (const auto& pair : group.pairs) crossovers.push_back(pair_json(group, pair, common));
    for (const auto& each : group.variants) {
      if (each.model) models.push_back(model_json(group, each, common));
    }
  }
  return json_text({{"schema", kSchema},
                    {"record", "thresholds"},
                    {"environment", all_facts(study.environment)},
                    {"seed", study.environment.seed},
                    {"facts_only", analysis.facts_only},
                    {"case", common},
                    {"crossovers", crossovers},
                    {"models", models}});
}

}  // namespace

Format thresholds_format() {
  return {.name = "thresholds",
          .help = "the crossovers as JSON, settings to copy",
          .file = "thresholds.json",
          .study = thresholds};
}

}  // namespace ub::report
