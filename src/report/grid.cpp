#include "uringbench/report/grid.hpp"

#include <set>
#include <utility>

#include "layout.hpp"
#include "uringbench/model/json.hpp"
#include "write.hpp"

namespace ub::report {
namespace {

constexpr std::size_t kLeastMode = 12;
constexpr std::size_t kLeastCopies = 20;

std::string unavailable_text(const GridRow& row) {
  return row.unavailable_reason.empty() ? "" : "unavailable: " + row.unavailable_reason;
}

Table mode_table(const std::vector<GridRow>& rows) {
  Table table{{{"mode", Align::left, kLeastMode},
               {"family", Align::left},
               {"here", Align::left},
               {"server-side copies", Align::left, kLeastCopies}},
              "",
              {}};
  for (const GridRow& row : rows) {
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
Table path_table(const std::vector<GridRow>& rows) {
  Table table{{{"path", Align::left, kLeastMode}}, "what it does", {}};
  std::set<std::pair<std::string, std::string>> seen;
  for (const GridRow& row : rows) {
    const std::string path = path_of(row.mode);
    if (seen.insert({path, row.summary}).second) table.rows.push_back({{path}, row.summary});
  }
  return table;
}

std::string text_of(const RenderedTable& rendered) {
  return rendered.head + rendered.body;
}

Json json_of(const GridRow& row) {
  const bool available = row.unavailable_reason.empty();
  return {{"mode", row.mode},
          {"family", to_text(row.family)},
          {"summary", row.summary},
          {"copies", row.copies},
          {"available", available},
          {"unavailable_reason", available ? Json(nullptr) : Json(row.unavailable_reason)}};
}

}  // namespace

void write_grid_table(std::ostream& out, const std::vector<GridRow>& rows) {
  write(out, text_of(render(mode_table(rows))) + '\n' + text_of(render(path_table(rows))));
}

void write_grid_json(std::ostream& out, const std::vector<GridRow>& rows) {
  Json modes = Json::array();
  for (const GridRow& row : rows) modes.push_back(json_of(row));
  const Json json{{"schema", kSchema}, {"modes", modes}};
  write(out, json.dump(2, ' ', false, Json::error_handler_t::replace) + '\n');
}

}  // namespace ub::report
