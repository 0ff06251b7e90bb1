// The format `github-action-benchmark`: what the GitHub action of that name reads with its tool
// "customBiggerIsBetter": [{"name","unit","value","range","extra"}], a message rate for each row.
#include <fmt/format.h>

#include "renders.hpp"

namespace ub::report {
namespace {

/// Null where the row has no rate.
Json entry(const analysis::Row& row, const std::string& title) {
  const auto spread = analysis::spread_of(row, analysis::message_rate);
  if (!spread) return nullptr;
  return {{"name", row_name(row, title)},
          {"unit", "messages/s"},
          {"value", spread->median},
          {"range", fmt::format("{:.4g} to {:.4g}", spread->min, spread->max)},
          {"extra",
           fmt::format("median of {} repetition{}", spread->count, spread->count == 1 ? "" : "s")}};
}

Page entries(const analysis::StudyData& /*study*/, const analysis::Analysis& analysis,
             const Look& /*look*/) {
  Json all = Json::array();
  for (const analysis::Group& group : analysis.groups) {
    for (const analysis::Row& row : group.rows) {
      Json one = entry(row, group.title);
      if (!one.is_null()) all.push_back(std::move(one));
    }
  }
  return all.empty() ? "" : json_text(all);
}

}  // namespace

Format github_action_benchmark_format() {
  return {.name = "github-action-benchmark",
          .help = "message rates as that action reads them (customBiggerIsBetter)",
          .study = entries,
          .none = "no repetition is valid, so there is no rate"};
}

}  // namespace ub::report
