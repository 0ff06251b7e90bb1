// Sections 8 and 9 of the page: whether to trust the figures, and all of them.
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>
#include <map>
#include <optional>

#include "group.hpp"
#include "html_parts.hpp"
#include "uringbench/base/units.hpp"
#include "writing.hpp"

namespace ub::report::html {
namespace {

using analysis::Analysis;
using analysis::Group;
using analysis::Row;

/// Over all rows, the least and the most of a metric's medians; nullopt where nobody has it.
struct Range {
  double least = 0;
  double most = 0;
};

std::optional<Range> range_of(const Analysis& analysis, analysis::Metric metric) {
  std::optional<Range> range;
  for (const Group& group : analysis.groups) {
    for (const Row& row : group.rows) {
      const auto spread = analysis::spread_of(row, metric);
      if (!spread) continue;
      if (!range) range = Range{spread->median, spread->median};
      range->least = std::min(range->least, spread->median);
      range->most = std::max(range->most, spread->median);
    }
  }
  return range;
}

/// What was watched beside the figures: a line each.
std::string watched(const Analysis& analysis) {
  std::vector<std::vector<std::string>> rows;
  const auto blocks = analysis::judged_of(analysis.groups).blocks;
  rows.push_back({"noise of one case measured twice", noise_text(analysis.noise, blocks)});
  if (const auto range = range_of(analysis, analysis::core_round_trip_ns)) {
    rows.push_back({"a cache line between the CPUs of the two ends",
                    fmt::format("{} to {} ns there and back", short_number(range->least),
                                short_number(range->most))});
  } else {
    rows.push_back({"a cache line between the CPUs of the two ends", "not measured"});
  }
  struct Role {
    const char* waited;
    analysis::Metric share;
  };
  constexpr std::array kRoles{
      Role{"the server waited for its CPU", analysis::server_waiting_share},
      Role{"the load generator waited for its CPU", analysis::client_waiting_share}};
  for (const Role& role : kRoles) {
    const auto range = range_of(analysis, role.share);
    rows.push_back({role.waited, range ? fmt::format("{} to {} of the time it could have run",
                                                     percent(range->least), percent(range->most))
                                       : "not measured"});
  }
  return table("watched", {{"watched"}, {"found"}}, rows);
}

std::string mark_table(const Analysis& analysis) {
  std::map<std::string, std::vector<std::string>> marked;
  const WayNames names(analysis.groups);
  for (const Group& group : analysis.groups) {
    for (const Row& row : group.rows) {
      for (const auto& [mark, count] : analysis::marks_of(row)) {
        marked[mark].push_back(fmt::format("{} ({}; {} of {})", names.of(row.the_case),
                                           place_of(group), count, row.valid.size()));
      }
    }
  }
  constexpr std::size_t kMostNamed = 6;
  std::vector<std::vector<std::string>> rows;
  for (auto& [mark, places] : marked) {
    const std::size_t all = places.size();
    if (all > kMostNamed) {
      places.resize(kMostNamed);
      places.push_back(fmt::format("{} more", all - kMostNamed));
    }
    rows.push_back({mark, fmt::format("{}", fmt::join(places, ", "))});
  }
  if (rows.empty()) return paragraph_of("lead", "No sample carries a mark.");
  return table("marks", {{"mark"}, {"on"}}, rows);
}

std::string failure_table(const Analysis& analysis) {
  std::vector<std::vector<std::string>> rows;
  for (const Group& group : analysis.groups) {
    for (const Row& row : group.rows) {
      for (const analysis::Failure& each : row.failures) {
        rows.push_back({place_of(group), variant_name(row.the_case), fmt::format("{}", each.count),
                        each.status, each.reason});
      }
    }
  }
  if (rows.empty()) return "";
  return "<h3>What gave no figures</h3>\n" +
         table("failures", {{"at"}, {"way"}, {"times", Align::right}, {"status"}, {"reason"}},
               rows);
}

std::string facts_table(std::string_view name, std::string_view title, const Facts& facts) {
  std::vector<std::vector<std::string>> rows;
  for (const auto& [fact, value] : facts) rows.push_back({fact, value});
  return fmt::format("<details><summary>{}</summary>\n", escaped(title)) +
         table(name, {{"fact"}, {"found"}}, rows) + "</details>\n";
}

/// The environment of every host that took part.
std::string environment_tables(const Environment& environment) {
  if (!environment.ends) {
    return facts_table("environment", "The machine and the program", environment.facts);
  }
  std::string out =
      facts_table("environment", "The server and the program", environment.facts) +
      facts_table("", "The host of the server and its card", environment.ends->server);
  for (const Facts& facts : environment.ends->load) {
    const auto name = facts.find("host_name");
    out += facts_table("",
                       "The host of the load generator and its card" +
                           (name == facts.end() ? "" : ", " + name->second),
                       facts);
  }
  return out;
}

std::string notes_list(const Shown& shown) {
  const GroupOptions options{.shape = shape_of(shown.analysis.groups),
                             .baseline = shown.analysis.baseline,
                             .reps = shown.analysis.reps};
  std::string out = "<ul class=notes>\n";
  for (const std::string& note : notes_of(shown.analysis, options)) {
    out += "<li>" + escaped(note) + "</li>\n";
  }
  return out + "</ul>\n";
}

std::vector<TableColumn> data_columns(bool requests) {
  std::vector<TableColumn> columns{{"at"}, {"way"}, {"copies"}, {"repetitions", Align::right}};
  columns.push_back({requests ? "requests/s" : "Gbit/s", Align::right});
  columns.push_back({"messages/s", Align::right});
  columns.push_back({"ratio", Align::right});
  columns.push_back({"verdict"});
  columns.push_back({requests ? "CPU ns/request" : "CPU ns/byte", Align::right});
  columns.push_back({"of which server", Align::right});
  columns.push_back({"calls per send", Align::right});
  if (requests) {
    columns.push_back({"p50, µs", Align::right});
    columns.push_back({"p99, µs", Align::right});
  }
  return columns;
}

std::vector<std::string> data_row(const Group& group, const Row& row, const WayNames& names,
                                  bool requests) {
  using namespace analysis;
  const auto ratio = ratio_to(row, group.baseline_of(row));
  std::vector<std::string> cells{
      place_of(group),
      names.of(row.the_case),
      copy_label(row),
      fmt::format("{}", row.valid.size()),
      median_text(row, requests ? message_rate : throughput_gbps),
      median_text(row, message_rate),
      ratio ? ratio_number(*ratio) : kNone,
      row.against_baseline ? std::string(stats::to_text(row.against_baseline->verdict)) : kNone,
      median_text(row, requests ? cpu_ns_per_message : analysis::cpu_ns_per_byte),
      median_text(row, requests ? server_ns_per_message : server_ns_per_byte),
      median_text(row, system_calls_per_operation)};
  if (requests) {
    cells.push_back(median_text(row, latency_p50_us));
    cells.push_back(median_text(row, latency_p99_us));
  }
  return cells;
}

/// A crossing of CPU time where zero-copy begins to pay, as the settings of programs that have one.
std::string settings(const Analysis& analysis) {
  std::string lines;
  for (const analysis::CrossoverGroup& group : analysis.crossovers) {
    if (group.objective != analysis::Objective::cpu) continue;
    for (const analysis::PairCrossover& pair : group.pairs) {
      const auto challenge =
          analysis::challenge_of(group, pair, Family::zero_copy, Family::one_copy);
      const auto other = analysis::challenge_of(group, pair, Family::zero_copy, Family::two_copy);
      const stats::Side zero_copy =
          challenge.side != stats::Side::neither ? challenge.side : other.side;
      for (const stats::Crossing& each : pair.found.crossings) {
        if (zero_copy == stats::Side::neither || each.cheaper_below == zero_copy) continue;
        const auto bytes = static_cast<std::uint64_t>(each.size_bytes.value);
        const std::string_view over = zero_copy == stats::Side::a ? pair.b : pair.a;
        lines += fmt::format(
            "# {}: {} instead of {}, by CPU time of both ends [{}, {}]\n"
            "Netty 4.2   .childOption(IoUringChannelOption.IO_URING_WRITE_ZERO_COPY_THRESHOLD, "
            "{})\n"
            "C server    #define ZERO_COPY_FROM_BYTES {}\n"
            "Go          const zeroCopyFromBytes = {}\n"
            "Rust        const ZERO_COPY_FROM_BYTES: usize = {};\n\n",
            group.title, pair.name(zero_copy), over, size_text(each.size_bytes.low),
            size_text(each.size_bytes.high), bytes, bytes, bytes, bytes);
      }
    }
  }
  if (lines.empty()) {
    return nothing(
        "No size is shown from which zero-copy takes less CPU time, so there is no "
        "threshold to set; a nearer look:",
        "uringbench report DIR --format refine");
  }
  return "<pre id=settings>" + escaped(lines) + "</pre>\n";
}

}  // namespace

std::string trust_section(const Shown& shown) {
  const Analysis& analysis = shown.analysis;
  std::string out = "<section id=trust>\n<h2>Can I trust it?</h2>\n" +
                    paragraph_of("lead",
                                 "What the study watched beside its figures. Twins are one case "
                                 "measured twice in a block; the sentinel is one case measured "
                                 "again and again.");
  if (analysis.noise.log_ratios.empty() && !analysis.drift) {
    out += nothing("No twins and no sentinel; a study has them with", "--reps 10");
  } else {
    out += picture("trust", "Twins and sentinel");
  }
  out += watched(analysis) + "<h3>Marks</h3>\n" + mark_table(analysis) + failure_table(analysis);
  out +=
      "<h3>How to read it</h3>\n" + notes_list(shown) + environment_tables(shown.study.environment);
  out += nothing("What would disturb a measurement on this machine now:", "uringbench doctor");
  return out + "</section>\n";
}

std::string data_section(const Shown& shown) {
  const Analysis& analysis = shown.analysis;
  const bool requests = has_requests(analysis);
  const WayNames names(analysis.groups);
  std::vector<std::vector<std::string>> rows;
  for (const Group& group : analysis.groups) {
    for (const Row& row : group.rows) {
      if (!row.valid.empty()) rows.push_back(data_row(group, row, names, requests));
    }
  }
  std::string out = "<section id=data>\n<h2>Data</h2>\n" +
                    paragraph_of("lead", "Medians of the valid repetitions. A head sorts.") +
                    "<div id=data-tools></div>\n";
  out += rows.empty() ? nothing("No repetition is valid.", "uringbench doctor")
                      : table("rows", data_columns(requests), rows);
  out += "<h3>Thresholds as settings</h3>\n" + settings(analysis);
  return out + "</section>\n";
}

}  // namespace ub::report::html
