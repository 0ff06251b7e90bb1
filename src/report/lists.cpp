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

std::string remark_of(const ModeRow& row) {
  if (!row.unavailable_reason.empty()) return "unavailable: " + row.unavailable_reason;
  return row.unknown_reason.empty() ? "" : "unknown, a run tries: " + row.unknown_reason;
}

std::string_view here(const ModeRow& row) {
  if (!row.unavailable_reason.empty()) return "no";
  return row.unknown_reason.empty() ? "yes" : "unknown";
}

Table mode_table(const std::vector<ModeRow>& rows) {
  Table table{{{"mode", Align::left, kLeastMode},
               {"family", Align::left},
               {"here", Align::left},
               {"server-side copies", Align::left, kLeastCopies}},
              "",
              {}};
  for (const ModeRow& row : rows) {
    table.rows.push_back(
        {{row.mode, std::string(to_text(row.family)), std::string(here(row)), row.copies},
         remark_of(row)});
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
Page labelled(std::string_view label, const std::string& text) {
  return Page::paragraph(text, {.first = kInside, .rest = kInside}, label);
}

Page entry(const CheckRow& row) {
  Page head = labelled(row.severity, fmt::format("{}: {}", row.name, row.found));
  const bool loud = row.severity == "severe" || row.severity == "warning";
  Page page = loud ? std::move(head).in(Style::warning) : std::move(head);
  if (row.severity == "unknown") return page;
  page += paragraph(row.why, {.first = kInside, .rest = kInside});
  // To be copied: not wrapped.
  if (!row.mend.empty()) page += fmt::format("{:{}}mend: {}\n", "", kInside, row.mend);
  return page;
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

Page modes_text(const std::vector<ModeRow>& rows) {
  return Page(mode_table(rows)) + '\n' + path_table(rows);
}

Page features_text(const std::vector<FeatureRow>& rows) {
  constexpr std::size_t kLeastName = 16;
  constexpr std::size_t kLeastProbe = 16;
  Table table{{{"feature", Align::left, kLeastName},
               {"here", Align::left},
               {"since", Align::left},
               {"how probed", Align::left, kLeastProbe}},
              "detail",
              {}};
  for (const FeatureRow& row : rows) table.rows.push_back(table_row(row));
  return table;
}

Page checks_text(const std::vector<CheckRow>& rows) {
  Page page;
  for (const std::string_view severity : kWorstFirst) {
    for (const CheckRow& row : rows) {
      if (row.severity == severity) page += entry(row);
    }
  }
  std::string well;
  for (const CheckRow& row : rows) {
    if (row.severity != "ok") continue;
    well += fmt::format("{}{} ({})", well.empty() ? "" : ", ", row.name, row.found);
  }
  if (!well.empty()) page += labelled("ok", well);
  return page;
}

/// "Not judged: 6 rows: no user namespaces …"; empty where every row was.
Page not_judged(const std::vector<SelftestRow>& rows) {
  std::map<std::string, std::size_t> reasons;
  for (const SelftestRow& row : rows) {
    if (!row.judged) ++reasons[row.said];
  }
  Page page;
  if (rows.empty()) page += '\n' + paragraph("Not judged: this kernel has no zero-copy mode here.");
  for (const auto& [reason, count] : reasons) {
    page +=
        '\n' + paragraph(fmt::format("Not judged: {} of {} rows: {}", count, rows.size(), reason));
  }
  return page;
}

Page selftest_text(const std::vector<SelftestRow>& rows) {
  constexpr std::size_t kLeastSaid = 16;
  Table table{{{"mode", Align::left, kLeastMode},
               {"link", Align::left},
               {"expected", Align::left},
               {"verdict", Align::left},
               {"the kernel said", Align::left, kLeastSaid}},
              "",
              {}};
  for (const SelftestRow& row : rows) {
    const std::string cause = row.cause.empty() ? "" : fmt::format(" ({})", row.cause);
    table.rows.push_back(
        {{row.mode, std::string(to_text(row.link)), row.expected, row.verdict, row.said + cause},
         ""});
  }
  Page page = Page(std::move(table)) + not_judged(rows) + '\n';
  const auto contradictions = std::count_if(rows.begin(), rows.end(),
                                            [](const SelftestRow& row) { return row.contradicts; });
  const auto judged =
      std::count_if(rows.begin(), rows.end(), [](const auto& row) { return row.judged; });
  if (judged == 0) return page;
  if (contradictions == 0) {
    const bool all = judged == std::ssize(rows);
    return page + paragraph(fmt::format(
                      "No path {}contradicts: what loopback copies is reported as copied, and what "
                      "the sinks do not, as real.",
                      all ? "" : "that was judged "));
  }
  return page + paragraph(fmt::format(
                    "{} of {} rows contradict what must be: their zero-copy reports cannot be "
                    "trusted on this kernel.",
                    contradictions, rows.size()));
}

}  // namespace ub::report
