// JSON of a matrix of studies.
#include "uringbench/analysis/json.hpp"
#include "uringbench/analysis/matrix.hpp"

namespace ub::analysis {
namespace {

template <typename Each, typename Make>
Json list_of(const std::vector<Each>& all, Make make) {
  Json json = Json::array();
  for (const Each& each : all) json.push_back(make(each));
  return json;
}

Json study_json(const MatrixStudy& study) {
  return {{"name", study.name},
          {"kernel", null_or(study.kernel)},
          {"cpu_model", null_or(study.cpu_model)},
          {"facts_only", study.facts_only},
          {"cases", study.cases},
          {"cases_in_common", study.in_common},
          {"apart", study.apart}};
}

Json winner_json(const MatrixWinner& winner) {
  if (!winner.unknown.empty()) return {{"unavailable", winner.unknown}};
  return {{"leaders", winner.leaders},
          {"resolved", winner.resolved()},
          {"baseline", null_or(winner.baseline)},
          {"over_baseline", interval_json(winner.over_baseline)}};
}

Json place_json(const MatrixPlace& place) {
  return {{"title", place.title},
          {"size_bytes", place.size_bytes},
          {"batch", place.batch},
          {"studies", list_of(place.studies, winner_json)}};
}

Json case_facts_json(const std::optional<CaseFacts>& facts) {
  if (!facts) return {{"unavailable", "not in its plan"}};
  Json json{{"status", facts->status},
            {"reason", null_or(facts->reason)},
            {"repetitions", facts->repetitions},
            {"copied", to_text(facts->copied)},
            {"zero_copy", facts->counts ? Json(*facts->counts) : Json(nullptr)},
            {"granted", facts->granted}};
  for (std::size_t i = 0; i < number_facts().size(); ++i) {
    const auto& number = facts->numbers[i];
    json[std::string(number_facts()[i].key)] = number ? Json(number->median) : Json(nullptr);
  }
  return json;
}

Json facts_json(const MatrixFacts& facts) {
  return {{"title", facts.title},
          {"variant", facts.variant},
          {"studies", list_of(facts.studies, case_facts_json)}};
}

Json crossover_json(const std::optional<stats::Crossover>& found) {
  if (!found) return {{"unavailable", "not measured, or facts only"}};
  return {{"outcome", to_text(found->outcome)},
          {"crossings", list_of(found->crossings, [](const stats::Crossing& each) {
             return Json{{"size_bytes", interval_json(each.size_bytes)},
                         {"below_bytes", each.below_bytes},
                         {"above_bytes", each.above_bytes}};
           })}};
}

Json threshold_json(const MatrixThreshold& threshold) {
  return {{"objective", to_text(threshold.objective)},
          {"title", threshold.title},
          {"a", threshold.a},
          {"b", threshold.b},
          {"studies", list_of(threshold.studies, crossover_json)}};
}

Json feature_json(const MatrixFeature& feature) {
  const KernelFeature* known = feature.known;
  return {{"name", feature.name},
          {"since", known == nullptr ? Json(nullptr) : Json(known->since)},
          {"by", known != nullptr && !known->probed ? "version" : "probe"},
          {"changes", known == nullptr ? Json(nullptr) : Json(known->changes)},
          {"evidence", known == nullptr ? Json(nullptr) : Json(known->evidence)},
          {"studies", feature.studies}};
}

Json change_json(const MatrixChange& each) {
  return {{"study", each.study},
          {"variant", each.change.variant},
          {"title", each.change.title},
          {"fact", each.change.fact},
          {"first", null_or(each.change.a)},
          {"here", null_or(each.change.b)},
          {"explained_by", each.explained_by}};
}

Json speed_change_json(const MatrixSpeedChange& each) {
  return {{"study", each.study},
          {"variant", each.compared.mode},
          {"title", each.compared.title},
          {"against_first", comparison_json(each.compared.result)},
          {"server_causes", differences_json(each.causes)}};
}

}  // namespace

void to_json(Json& json, const Matrix& matrix) {
  json = {{"schema", kSchema},
          {"record", "matrix"},
          {"studies", list_of(matrix.studies, study_json)},
          {"places", list_of(matrix.places, place_json)},
          {"facts", list_of(matrix.facts, facts_json)},
          {"thresholds", list_of(matrix.thresholds, threshold_json)},
          {"features", list_of(matrix.features, feature_json)},
          {"settings", list_of(matrix.settings,
                               [](const MatrixSetting& each) {
                                 return Json{{"name", each.name}, {"studies", each.studies}};
                               })},
          {"changes", list_of(matrix.changes, change_json)},
          {"speed_changes", list_of(matrix.speed_changes, speed_change_json)}};
}

}  // namespace ub::analysis
