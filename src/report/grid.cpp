#include "uringbench/report/grid.hpp"

#include <fmt/format.h>

#include "layout.hpp"
#include "uringbench/model/json.hpp"
#include "write.hpp"

namespace ub::report {
namespace {

TableRow table_row(const GridRow& row) {
  const bool available = row.unavailable_reason.empty();
  const std::string reason = available ? "" : "\nunavailable: " + row.unavailable_reason;
  return {{row.mode, std::string(to_text(row.family)), available ? "yes" : "no", row.copies},
          row.summary + reason};
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
  constexpr std::size_t kLeastMode = 12;
  constexpr std::size_t kLeastCopies = 20;
  Table table{{{"mode", Align::left, kLeastMode},
               {"family", Align::left},
               {"here", Align::left},
               {"server-side copies", Align::left, kLeastCopies}},
              "what it does",
              {}};
  for (const GridRow& row : rows) table.rows.push_back(table_row(row));
  const RenderedTable rendered = render(table);
  write(out, rendered.head + rendered.body);
}

void write_grid_json(std::ostream& out, const std::vector<GridRow>& rows) {
  Json modes = Json::array();
  for (const GridRow& row : rows) modes.push_back(json_of(row));
  const Json json{{"schema", kSchema}, {"modes", modes}};
  write(out, json.dump(2, ' ', false, Json::error_handler_t::replace) + '\n');
}

}  // namespace ub::report
