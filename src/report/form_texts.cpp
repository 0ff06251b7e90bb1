// The forms for people: their types in words, and as text.
#include "form_texts.hpp"

#include <fmt/format.h>

#include "renders.hpp"
#include "writing.hpp"

namespace ub::report {

TypeParts parts_of(const std::string& type) {
  if (type.ends_with('"')) return {type, 0};
  if (type.ends_with("[]")) return {type.substr(0, type.size() - 2), '['};
  if (type.ends_with("{}")) return {type.substr(0, type.size() - 2), '{'};
  if (type.ends_with('?') || type.ends_with('!')) {
    return {type.substr(0, type.size() - 1), type.back()};
  }
  return {type, 0};
}

std::string type_text(const std::string& type) {
  const auto [inner, suffix] = parts_of(type);
  switch (suffix) {
    case '[':
      return "list of " + type_text(inner);
    case '{':
      return "by name: " + type_text(inner);
    case '?':
      return type_text(inner) + " or null";
    case '!':
      return type_text(inner) + " or unavailable";
    default:
      return type;
  }
}

Page forms_text(const std::vector<HeldForms>& all) {
  Page page;
  for (const HeldForms& held : all) {
    if (!page.empty()) page += '\n';
    page += held.title + '\n';
    page += paragraph(held.meaning);
    for (const FormRow& form : held.forms) {
      page +=
          '\n' + paragraph(form.meaning.empty() ? form.name
                                                : fmt::format("{}: {}", form.name, form.meaning));
      for (const FieldRow& field : form.fields) {
        const std::string unit = field.unit.empty() ? "" : fmt::format(", {}", field.unit);
        const std::string meaning = field.meaning.empty() ? "" : ": " + field.meaning;
        page += paragraph(fmt::format("{} ({}{}{}){}", field.name, type_text(field.type), unit,
                                      field.always ? "" : ", may be absent", meaning),
                          {.first = 2, .rest = 6});
      }
    }
  }
  return page;
}

}  // namespace ub::report
