// The format `json-schema`: the forms as a JSON Schema (draft 2020-12), which a line of
// samples.jsonl, an analysis and a comparison satisfy. Fields that it does not name are refused, so
// that none is left out of it.
#include <algorithm>

#include "form_texts.hpp"
#include "renders.hpp"

namespace ub::report {
namespace {

Json type_schema(const std::string& type);

/// {"unavailable": reason}
Json unavailable_schema() {
  return {{"type", "object"},
          {"required", {"unavailable"}},
          {"additionalProperties", false},
          {"properties", {{"unavailable", {{"type", "string"}}}}}};
}

Json plain_schema(const std::string& type) {
  if (type == "any") return Json::object();
  if (type == "text") return {{"type", "string"}};
  if (type == "integer" || type == "number" || type == "boolean") return {{"type", type}};
  if (type.starts_with('"')) return {{"const", type.substr(1, type.size() - 2)}};
  return {{"$ref", "#/$defs/" + type}};
}

Json type_schema(const std::string& type) {
  const auto [inner, suffix] = parts_of(type);
  switch (suffix) {
    case '[':
      return {{"type", "array"}, {"items", type_schema(inner)}};
    case '{':
      return {{"type", "object"}, {"additionalProperties", type_schema(inner)}};
    case '?':
      return {{"anyOf", {type_schema(inner), {{"type", "null"}}}}};
    case '!':
      return {{"anyOf", {type_schema(inner), unavailable_schema()}}};
    default:
      return plain_schema(type);
  }
}

Json form_schema(const FormRow& form) {
  Json properties = Json::object();
  Json required = Json::array();
  for (const FieldRow& field : form.fields) {
    Json schema = type_schema(field.type);
    const std::string unit = field.unit.empty() ? "" : " [" + field.unit + "]";
    schema["description"] = field.meaning + unit;
    properties[field.name] = std::move(schema);
    if (field.always) required.push_back(field.name);
  }
  return {{"type", "object"},
          {"description", form.meaning},
          {"properties", properties},
          {"required", required},
          {"additionalProperties", false}};
}

/// It stands for itself, as a line or a document.
bool is_record(const FormRow& form) {
  return std::any_of(form.fields.begin(), form.fields.end(),
                     [](const FieldRow& field) { return field.name == "record"; });
}

Page forms_schema(const std::vector<HeldForms>& all) {
  Json definitions = Json::object();
  Json records = Json::array();
  for (const HeldForms& held : all) {
    if (held.holder == Holder::csv) continue;
    for (const FormRow& form : held.forms) {
      definitions[form.name] = form_schema(form);
      if (is_record(form)) records.push_back({{"$ref", "#/$defs/" + form.name}});
    }
  }
  return json_text({{"$schema", "https://json-schema.org/draft/2020-12/schema"},
                    {"title", "uringbench: a line of samples.jsonl, an analysis or a comparison"},
                    {"oneOf", records},
                    {"$defs", definitions}});
}

}  // namespace

Format json_schema_format() {
  return {.name = "json-schema",
          .help = "a JSON Schema of samples.jsonl, analyses and comparisons",
          .forms = forms_schema};
}

}  // namespace ub::report
