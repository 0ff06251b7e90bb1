#include "uringbench/report/probe.hpp"

#include "layout.hpp"
#include "uringbench/model/json.hpp"
#include "write.hpp"

namespace ub::report {
namespace {

TableRow table_row(const FeatureRow& row) {
  return {{row.name, std::string(to_text(row.supported)), row.since_kernel, row.how_probed},
          row.detail};
}

Json json_of(const FeatureRow& row) {
  return {{"name", row.name},
          {"supported", to_text(row.supported)},
          {"how_probed", row.how_probed},
          {"since_kernel", row.since_kernel},
          {"detail", row.detail}};
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

void write_features_table(std::ostream& out, const std::vector<FeatureRow>& rows) {
  constexpr std::size_t kLeastName = 16;
  constexpr std::size_t kLeastProbe = 16;
  Table table{{{"feature", Align::left, kLeastName},
               {"here", Align::left},
               {"since", Align::left},
               {"how probed", Align::left, kLeastProbe}},
              "detail",
              {}};
  for (const FeatureRow& row : rows) table.rows.push_back(table_row(row));
  const RenderedTable rendered = render(table);
  write(out, rendered.head + rendered.body);
}

void write_features_json(std::ostream& out, const std::vector<FeatureRow>& rows) {
  Json features = Json::array();
  for (const FeatureRow& row : rows) features.push_back(json_of(row));
  const Json json{{"schema", kSchema}, {"features", features}};
  write(out, json.dump(2, ' ', false, Json::error_handler_t::replace) + '\n');
}

}  // namespace ub::report
