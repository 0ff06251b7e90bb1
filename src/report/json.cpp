// The format `json`: what the analysis says, for programs (docs/analysis-json.md).
#include "uringbench/analysis/json.hpp"

#include "renders.hpp"

namespace ub::report {
namespace {

Page study_json(const analysis::StudyData& study, const analysis::Analysis& analysis,
                const Look& look) {
  Json json = analysis;
  json["environment"] = all_facts(study.environment);
  json["build_warning"] = null_or(look.build_warning);
  return json_text(json);
}

Page matrix_json(const analysis::Matrix& matrix, const Look& look) {
  Json json = matrix;
  json["build_warning"] = null_or(look.build_warning);
  return json_text(json);
}

Page comparison_json(const analysis::StudyComparison& comparison) {
  return json_text(comparison);
}

Page explanation_json(const Environment& environment, const analysis::Explanation& explanation) {
  Json json = explanation;
  json["environment"] = environment.facts;
  return json_text(json);
}

Json mode_json(const ModeRow& row) {
  return {{"mode", row.mode},
          {"family", to_text(row.family)},
          {"summary", row.summary},
          {"copies", row.copies},
          {"available", row.unavailable_reason.empty() && row.unknown_reason.empty()},
          {"unavailable_reason", null_or(row.unavailable_reason)},
          {"unknown_reason", null_or(row.unknown_reason)}};
}

Json feature_json(const FeatureRow& row) {
  return {{"name", row.name},
          {"supported", to_text(row.supported)},
          {"how_probed", row.how_probed},
          {"since_kernel", row.since_kernel},
          {"detail", row.detail},
          {"changes", null_or(row.changes)},
          {"evidence", null_or(row.evidence)}};
}

Json selftest_json(const SelftestRow& row) {
  return {{"mode", row.mode}, {"link", to_text(row.link)},   {"expected", row.expected},
          {"said", row.said}, {"cause", null_or(row.cause)}, {"verdict", row.verdict}};
}

/// {"schema":1,"<name>":[…]}
template <typename Row>
std::string list_json(const char* name, const std::vector<Row>& rows, Json (*json_of)(const Row&)) {
  Json list = Json::array();
  for (const Row& row : rows) list.push_back(json_of(row));
  return json_text({{"schema", kSchema}, {name, list}});
}

Page modes_json(const std::vector<ModeRow>& rows) {
  return list_json("modes", rows, mode_json);
}

Page features_json(const std::vector<FeatureRow>& rows) {
  return list_json("features", rows, feature_json);
}

Page checks_json(const std::vector<CheckRow>& rows) {
  return list_json("checks", rows, check_json);
}

Page selftests_json(const std::vector<SelftestRow>& rows) {
  return list_json("rows", rows, selftest_json);
}

Json form_json(const FormRow& form) {
  Json fields = Json::array();
  for (const FieldRow& each : form.fields) {
    fields.push_back({{"name", each.name},
                      {"type", each.type},
                      {"unit", null_or(each.unit)},
                      {"meaning", each.meaning},
                      {"always", each.always}});
  }
  return {{"name", form.name}, {"meaning", form.meaning}, {"fields", fields}};
}

/// {"schema":1,"holders":[{"title","meaning","forms":[…]}]}
Page forms_json(const std::vector<HeldForms>& all) {
  Json holders = Json::array();
  for (const HeldForms& held : all) {
    Json forms = Json::array();
    for (const FormRow& each : held.forms) forms.push_back(form_json(each));
    holders.push_back({{"title", held.title}, {"meaning", held.meaning}, {"forms", forms}});
  }
  return json_text({{"schema", kSchema}, {"holders", holders}});
}

}  // namespace

std::string json_text(const Json& json) {
  constexpr int kIndent = 2;
  return json.dump(kIndent, ' ', false, Json::error_handler_t::replace) + '\n';
}

std::string json_line(const Json& json) {
  return json.dump(-1, ' ', false, Json::error_handler_t::replace) + '\n';
}

Json check_json(const CheckRow& row) {
  return {{"schema", kSchema},        {"record", "check"},  {"name", row.name},
          {"severity", row.severity}, {"found", row.found}, {"why", row.why},
          {"mend", null_or(row.mend)}};
}

Format json_format() {
  return {.name = "json",
          .help = "the whole analysis, for programs",
          .study = study_json,
          .matrix = matrix_json,
          .comparison = comparison_json,
          .explanation = explanation_json,
          .modes = modes_json,
          .features = features_json,
          .checks = checks_json,
          .selftest = selftests_json,
          .forms = forms_json};
}

}  // namespace ub::report
