// Lists for people: modes, features, checks, the self-test.
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <map>
#include <set>
#include <utility>

#include "layout.hpp"
#include "renders.hpp"
#include "writing.hpp"

namespace ub::report {
namespace {

constexpr std::size_t kLeastMode = 12;
constexpr std::size_t kLeastCopies = 20;

std::string unavailable_text(const ModeRow& row) {
  return row.unavailable_reason.empty() ? "" : "unavailable: " + row.unavailable_reason;
}

Table mode_table(const std::vector<ModeRow>& rows) {
  Table table{{{"mode", Align::left, kLeastMode},
               {"family", Align::left},
               {"here", Align::left},
               {"server-side copies", Align::left, kLeastCopies}},
              "",
              {}};
  for (const ModeRow& row : rows) {
    const std::string here = row.unavailable_reason.empty() ? "yes" : "no";
    table.rows.push_back(
        {{row.mode, std::string(to_text(row.family)), here, row.copies}, unavailable_text(row)});
  }
  return table;
}

/// The path of "<engine>-<path>".
std::string path_of(const std::string& mode) {
  const std::size_t dash = mode.find('-');
  return dash == std::string::npos ? mode : mode.substr(dash + 1);
}

/// Each path once: its engines do the same with it, and a list that says so three times is not
/// read.
Table path_table(const std::vector<ModeRow>& rows) {
  Table table{{{"path", Align::left, kLeastMode}}, "what it does", {}};
  std::set<std::pair<std::string, std::string>> seen;
  for (const ModeRow& row : rows) {
    const std::string path = path_of(row.mode);
    if (seen.insert({path, row.summary}).second) table.rows.push_back({{path}, row.summary});
  }
  return table;
}

TableRow table_row(const FeatureRow& row) {
  return {{row.name, std::string(to_text(row.supported)), row.since_kernel, row.how_probed},
          row.detail};
}

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

std::string_view to_text(Supported supported) {
  switch (supported) {
    case Supported::yes:
      return "yes";
    case Supported::no:
      return "no";
    case Supported::unknown:
      break;
  }
  return "unknown";
}

std::string modes_text(const std::vector<ModeRow>& rows) {
  return render(mode_table(rows)).text() + '\n' + render(path_table(rows)).text();
}

std::string features_text(const std::vector<FeatureRow>& rows) {
  constexpr std::size_t kLeastName = 16;
  constexpr std::size_t kLeastProbe = 16;
  Table table{{{"feature", Align::left, kLeastName},
               {"here", Align::left},
               {"since", Align::left},
               {"how probed", Align::left, kLeastProbe}},
              "detail",
              {}};
  for (const FeatureRow& row : rows) table.rows.push_back(table_row(row));
  return render(table).text();
}

std::string checks_text(const std::vector<CheckRow>& rows, const Look& look) {
  std::string text;
  for (const std::string_view severity : kWorstFirst) {
    for (const CheckRow& row : rows) {
      if (row.severity == severity) text += entry(row, look.colour);
    }
  }
  std::string well;
  for (const CheckRow& row : rows) {
    if (row.severity != "ok") continue;
    well += fmt::format("{}{} ({})", well.empty() ? "" : ", ", row.name, row.found);
  }
  if (!well.empty()) text += labelled("ok", well);
  return text;
}

/// "Not judged: 6 rows: no user namespaces …"; empty where every row was.
std::string not_judged_text(const std::vector<SelftestRow>& rows) {
  std::map<std::string, std::size_t> reasons;
  for (const SelftestRow& row : rows) {
    if (!row.judged) ++reasons[row.said];
  }
  std::string text = rows.empty() ? "\nNot judged: this kernel has no zero-copy mode here.\n" : "";
  for (const auto& [reason, count] : reasons) {
    text += fmt::format("\nNot judged: {} of {} rows: {}\n", count, rows.size(), reason);
  }
  return text;
}

std::string selftest_text(const std::vector<SelftestRow>& rows) {
  std::string text = fmt::format("{:<22}{:<10}{:<10}{:<13}{}\n", "mode", "link", "expected",
                                 "verdict", "the kernel said");
  for (const SelftestRow& row : rows) {
    const std::string cause = row.cause.empty() ? "" : fmt::format(" ({})", row.cause);
    text += fmt::format("{:<22}{:<10}{:<10}{:<13}{}{}\n", row.mode, to_text(row.link), row.expected,
                        row.verdict, row.said, cause);
  }
  text += not_judged_text(rows);
  const auto contradictions = std::count_if(rows.begin(), rows.end(),
                                            [](const SelftestRow& row) { return row.contradicts; });
  const bool any =
      std::any_of(rows.begin(), rows.end(), [](const auto& row) { return row.judged; });
  if (!any) return text;
  if (contradictions == 0) {
    const bool all =
        std::all_of(rows.begin(), rows.end(), [](const auto& row) { return row.judged; });
    return text + fmt::format(
                      "\nNo path {}contradicts: what loopback copies is reported as copied, "
                      "and what the sinks do not, as real.\n",
                      all ? "" : "that was judged ");
  }
  return text + fmt::format(
                    "\n{} of {} rows contradict what must be: their zero-copy reports cannot be "
                    "trusted on this kernel.\n",
                    contradictions, rows.size());
}

}  // namespace ub::report
