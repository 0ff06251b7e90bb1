// The format `markdown`: tables for a page of documentation (docs/samples.md).
#include <fmt/format.h>

#include <algorithm>

#include "form_texts.hpp"
#include "renders.hpp"

namespace ub::report {
namespace {

/// A bar would end the cell.
std::string cell(std::string text) {
  std::replace(text.begin(), text.end(), '\n', ' ');
  std::string escaped;
  for (const char each : text) {
    if (each == '|' || each == '<' || each == '*') escaped += '\\';
    escaped += each;
  }
  return escaped;
}

std::string form_table(const FormRow& form) {
  std::string text =
      fmt::format("### {}\n\n{}\n\n| field | type | unit | meaning |\n|---|---|---|---|\n",
                  form.name, cell(form.meaning));
  for (const FieldRow& field : form.fields) {
    text +=
        fmt::format("| `{}` | {} | {} | {}{} |\n", field.name, cell(type_text(field.type)),
                    cell(field.unit), field.always ? "" : "may be absent; ", cell(field.meaning));
  }
  return text + '\n';
}

Page forms_markdown(const std::vector<HeldForms>& all) {
  std::string text;
  for (const HeldForms& held : all) {
    text += fmt::format("## {}\n\n{}\n\n", held.title, held.meaning);
    for (const FormRow& form : held.forms) text += form_table(form);
  }
  text.pop_back();
  return text;
}

}  // namespace

Format markdown_format() {
  return {
      .name = "markdown", .help = "tables for a page of documentation", .forms = forms_markdown};
}

}  // namespace ub::report
