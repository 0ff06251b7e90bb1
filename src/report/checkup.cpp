#include "uringbench/report/checkup.hpp"

#include <fmt/format.h>

#include <array>
#include <string_view>

#include "style.hpp"
#include "uringbench/model/json.hpp"
#include "wrap.hpp"
#include "write.hpp"

namespace ub::report {
namespace {

constexpr std::array<std::string_view, 4> kWorstFirst = {"severe", "warning", "note", "unknown"};
constexpr std::size_t kInside = 9;  // below the longest severity and a blank

/// `text` beside a label in the margin.
std::string labelled(std::string_view label, const std::string& text) {
  std::string lines = paragraph(text, {.first = kInside, .rest = kInside});
  return lines.replace(0, label.size(), label);
}

std::string entry(const CheckRow& row, Colour colour) {
  const std::string head = labelled(row.severity, fmt::format("{}: {}", row.name, row.found));
  const bool loud = row.severity == "severe" || row.severity == "warning";
  std::string text = loud ? styled(head, Style::warning, colour) : head;
  if (row.severity == "unknown") return text;
  text += paragraph(row.why, {.first = kInside, .rest = kInside});
  // To be copied: not wrapped.
  if (!row.mend.empty()) text += fmt::format("{:{}}mend: {}\n", "", kInside, row.mend);
  return text;
}

}  // namespace

void write_checkup_table(std::ostream& out, const std::vector<CheckRow>& rows, Colour colour) {
  std::string text;
  for (const std::string_view severity : kWorstFirst) {
    for (const CheckRow& row : rows) {
      if (row.severity == severity) text += entry(row, colour);
    }
  }
  std::string well;
  for (const CheckRow& row : rows) {
    if (row.severity != "ok") continue;
    well += fmt::format("{}{} ({})", well.empty() ? "" : ", ", row.name, row.found);
  }
  if (!well.empty()) text += labelled("ok", well);
  write(out, text);
}

void write_checkup_jsonl(std::ostream& out, const std::vector<CheckRow>& rows) {
  std::string text;
  for (const CheckRow& row : rows) {
    const Json json = {{"schema", kSchema},
                       {"record", "check"},
                       {"name", row.name},
                       {"severity", row.severity},
                       {"found", row.found},
                       {"why", row.why},
                       {"mend", row.mend.empty() ? Json(nullptr) : Json(row.mend)}};
    text += json.dump(-1, ' ', false, Json::error_handler_t::replace) + '\n';
  }
  write(out, text);
}

}  // namespace ub::report
