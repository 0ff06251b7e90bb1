// Sections 2 to 7 of the page: what the script draws, with the numbers as tables below it.
#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "html_parts.hpp"
#include "uringbench/base/units.hpp"
#include "writing.hpp"

namespace ub::report::html {
namespace {

using analysis::Analysis;
using analysis::Group;
using analysis::Objective;
using analysis::Row;

std::string section(std::string_view name, std::string_view title, std::string_view lead) {
  return fmt::format("<section id={}>\n<h2>{}</h2>\n{}", name, escaped(title),
                     paragraph_of("lead", lead));
}

/// Numbers below a picture, folded in.
std::string folded(std::string_view title, const std::string& content) {
  if (content.empty()) return "";
  return fmt::format("<details><summary>{}</summary>\n{}</details>\n", escaped(title), content);
}

std::string whole_size(double bytes) {
  return size_text(bytes);
}

/// "from 4 KiB on uring-send-zc costs less than uring-fixed", each crossing a row.
std::string crossing_table(const Analysis& analysis, Objective objective) {
  std::vector<std::vector<std::string>> rows;
  for (const analysis::CrossoverGroup& group : analysis.crossovers) {
    if (group.objective != objective) continue;
    for (const analysis::PairCrossover& pair : group.pairs) {
      for (const stats::Crossing& each : pair.found.crossings) {
        const bool a_below = each.cheaper_below == stats::Side::a;
        rows.push_back(
            {group.title, a_below ? pair.a : pair.b, a_below ? pair.b : pair.a,
             whole_size(each.size_bytes.value),
             fmt::format("{} to {}", whole_size(each.size_bytes.low),
                         whole_size(each.size_bytes.high)),
             fmt::format("{} and {}", size_label(each.below_bytes), size_label(each.above_bytes))});
      }
    }
  }
  if (rows.empty()) return "";
  return table("",
               {{"where"},
                {"better below"},
                {"better from there on"},
                {"size", Align::right},
                {"interval"},
                {"measured sizes beside it"}},
               rows);
}

std::size_t sizes_of(const Analysis& analysis) {
  std::set<std::uint64_t> sizes;
  for (const Group& group : analysis.groups) sizes.insert(group.rows.front().the_case.size_bytes);
  return sizes.size();
}

bool has_rows(const Analysis& analysis) {
  return std::any_of(analysis.groups.begin(), analysis.groups.end(), [](const Group& group) {
    return std::any_of(group.rows.begin(), group.rows.end(), [](const Row& row) {
      return !row.valid.empty() && !sends_nothing(row.the_case);
    });
  });
}

struct CurveSection {
  std::string_view name;
  std::string_view title;
  std::string_view lead;
  Objective objective;
};

std::string curve_section(const Analysis& analysis, const CurveSection& part) {
  std::string out = section(part.name, part.title, part.lead);
  if (!has_rows(analysis)) {
    out += nothing("No repetition is valid, so there is nothing to draw.", "uringbench doctor");
  } else if (sizes_of(analysis) < 2) {
    out += nothing("One message size, so no curve; for one, run with",
                   "--size 256,1K,4K,16K,64K,256K");
  } else {
    out += picture(part.name, part.title);
    out += folded("Crossings as numbers", crossing_table(analysis, part.objective));
  }
  return out + "</section>\n";
}

std::string ratio_table(const Analysis& analysis) {
  std::vector<std::vector<std::string>> rows;
  const WayNames names(analysis.groups);
  for (const Group& group : analysis.groups) {
    for (const Row& row : group.rows) {
      if (!row.against_baseline || !row.against_baseline->ratio) continue;
      const stats::Comparison& result = *row.against_baseline;
      const Row* baseline = group.baseline_of(row);
      rows.push_back({place_of(group), names.of(row.the_case),
                      baseline == nullptr ? kNone : names.of(baseline->the_case),
                      ratio_number(result.ratio->value), interval_text(*result.ratio),
                      std::string(stats::to_text(result.verdict)),
                      result.more_blocks ? fmt::format("{}", *result.more_blocks) : kNone});
    }
  }
  if (rows.empty()) return "";
  return table("",
               {{"at"},
                {"way"},
                {"against"},
                {"ratio", Align::right},
                {"interval"},
                {"verdict"},
                {"repetitions it lacks", Align::right}},
               rows);
}

}  // namespace

std::string throughput_section(const Shown& shown) {
  return curve_section(
      shown.analysis,
      {"throughput",
       has_requests(shown.analysis) ? "Requests by message size" : "Throughput by message size",
       "Points are medians, bands their intervals. A diamond is a crossing of two ways, the bar "
       "through it the interval.",
       Objective::throughput});
}

std::string cpu_section(const Shown& shown) {
  return curve_section(shown.analysis,
                       {"cpu",
                        has_requests(shown.analysis) ? "What it costs: CPU time per request"
                                                     : "What it costs: CPU time per byte",
                        "CPU time of both ends, user and kernel: over one machine each end pays "
                        "for part of what the "
                        "other does. Lower is better.",
                        Objective::cpu});
}

std::string ratio_section(const Shown& shown) {
  const Analysis& analysis = shown.analysis;
  std::string out = section(
      "ratios", "Ratio to the baseline",
      "Messages per second over the baseline's, within blocks. Filled: decided. Hollow: not "
      "resolved. The stripe is what is too small to be claimed, or is noise.");
  const std::string numbers = ratio_table(analysis);
  if (numbers.empty()) {
    out += analysis.reps < 2
               ? nothing("One repetition gives no interval; for one, run with", "--reps 10")
               : nothing("Nothing was measured beside the baseline; name two modes or more:",
                         "--mode pthread-two-copy,uring-two-copy");
  } else {
    out += picture("ratios", "Ratio of each way to the baseline") + folded("As numbers", numbers);
  }
  return out + "</section>\n";
}

std::string cost_text(const analysis::RoleCosts& costs, Category category) {
  const auto found = costs.per_message.find(category);
  if (found == costs.per_message.end() || found->second.ns <= 0) return kNone;
  return fmt::format("{} ±{}", short_number(found->second.ns), short_number(found->second.half));
}

/// A row for each category of the server, a column for each case.
std::string ledger_table(const analysis::LedgerGroup& group, const WayNames& names) {
  std::vector<std::string> heads;
  for (const analysis::CaseLedger& each : group.cases) heads.push_back(names.of(each.the_case));
  std::vector<TableColumn> columns{{"server, ns per message"}};
  for (const std::string& head : heads) columns.push_back({head, Align::right});
  std::vector<std::vector<std::string>> rows;
  for (const Category category : all_categories()) {
    std::vector<std::string> cells{std::string(label(category))};
    bool any = false;
    for (const analysis::CaseLedger& each : group.cases) {
      cells.push_back(cost_text(each.server, category));
      any = any || cells.back() != kNone;
    }
    if (any) rows.push_back(std::move(cells));
  }
  std::vector<std::string> total{"all"};
  for (const analysis::CaseLedger& each : group.cases) {
    total.push_back(each.server.missing.empty() ? short_number(each.server.total_ns)
                                                : each.server.missing);
  }
  rows.push_back(std::move(total));
  return "<h3>" + escaped(place_title(group.title, group.cases.front().the_case.size_bytes)) +
         "</h3>\n" + table("", columns, rows);
}

bool has_latency(const Analysis& analysis) {
  return std::any_of(analysis.groups.begin(), analysis.groups.end(), [](const Group& group) {
    return std::any_of(group.rows.begin(), group.rows.end(), [](const Row& row) {
      return analysis::spread_of(row, analysis::latency_p50_us).has_value();
    });
  });
}

std::string latency_table(const Analysis& analysis) {
  std::vector<std::vector<std::string>> rows;
  const WayNames names(analysis.groups);
  for (const Group& group : analysis.groups) {
    for (const Row& row : group.rows) {
      if (!analysis::spread_of(row, analysis::latency_p50_us)) continue;
      rows.push_back({place_of(group), names.of(row.the_case),
                      median_text(row, analysis::latency_p50_us),
                      median_text(row, analysis::latency_p99_us),
                      median_text(row, analysis::latency_p999_us)});
    }
  }
  return table("",
               {{"at"},
                {"way"},
                {"p50, µs", Align::right},
                {"p99, µs", Align::right},
                {"p99.9, µs", Align::right}},
               rows);
}

std::string notification_table(const Analysis& analysis) {
  std::vector<std::vector<std::string>> rows;
  const WayNames names(analysis.groups);
  for (const Group& group : analysis.groups) {
    for (const Row& row : group.rows) {
      if (!analysis::spread_of(row, analysis::release_p50_us)) continue;
      const auto held = analysis::spread_of(row, analysis::held_peak_bytes);
      rows.push_back(
          {place_of(group), names.of(row.the_case), median_text(row, analysis::release_p50_us),
           median_text(row, analysis::release_p99_us), held ? size_text(held->median) : kNone,
           fmt::format("{}", analysis::buffers_of(row.the_case)),
           median_text(row, analysis::waits_per_operation)});
    }
  }
  if (rows.empty()) return "";
  return table("",
               {{"at"},
                {"way"},
                {"released p50, µs", Align::right},
                {"p99, µs", Align::right},
                {"bytes away at most", Align::right},
                {"buffers", Align::right},
                {"waits per send", Align::right}},
               rows);
}

std::string untimed_section(std::string_view id, std::string_view name) {
  return section(id, name, "") +
         nothing(
             "Times mean nothing on this machine, so nothing is drawn; what the kernel did stands "
             "above, and every figure in results.csv.",
             "") +
         "</section>\n";
}

std::string why_section(const Shown& shown) {
  const Analysis& analysis = shown.analysis;
  std::string out = section(
      "why", "Why: where a message's time goes",
      "CPU time by cause, from the sampler. Warm colours copy payload, or replace copying.");
  if (analysis.ledgers.empty()) {
    out += nothing("Nothing was profiled; for the causes, run with", "--profile");
    return out + "</section>\n";
  }
  out += picture("why", "CPU time by cause");
  if (analysis.flames.empty()) {
    out += nothing("No call stacks beside the study, so no flame graph; they are kept by",
                   "--profile --out DIR");
  } else {
    out +=
        "<h3>Call tree, one way against another</h3>\n" +
        paragraph_of("lead",
                     "Width: ns per message. Red: the second pays more there; blue: less. The ways "
                     "into the kernel are one frame. Click to zoom, click the root to go back.") +
        picture("flames", "Call tree, one way against another");
  }
  const WayNames names(analysis.groups);
  std::string tables;
  for (const analysis::LedgerGroup& group : analysis.ledgers) tables += ledger_table(group, names);
  return out + folded("As numbers", tables) + "</section>\n";
}

std::string latency_section(const Shown& shown) {
  const Analysis& analysis = shown.analysis;
  std::string out = section("latency", "Latency",
                            "From when a request should have been sent, so that a stalled server "
                            "cannot hide the requests that it held up.");
  if (!has_latency(analysis)) {
    out += nothing("This workload has no requests; for latency, run with",
                   "--workload rr --histogram");
    return out + "</section>\n";
  }
  if (analysis.latency_curves.empty()) {
    out += nothing("No histograms were kept, so there is no whole distribution; run with",
                   "--histogram");
  } else {
    out += "<h3>The whole distribution</h3>\n" +
           paragraph_of("lead",
                        "Merged histograms of all repetitions, as far out as ten requests reach.") +
           picture("distribution", "Response time by quantile") +
           picture("histogram", "Response times, merged histograms");
  }
  out += "<h3>As the load grows</h3>\n" + picture("load", "p50 and p99 by load");
  return out + folded("As numbers", latency_table(analysis)) + "</section>\n";
}

std::string notification_section(const Shown& shown) {
  std::string out = section(
      "notifications", "Notifications: when a zero-copy sender has its buffer back",
      "From the begin of a send to the return of its last buffer: the mark is the median, the line "
      "reaches to p99.");
  const std::string numbers = notification_table(shown.analysis);
  if (numbers.empty()) {
    out += nothing("No path here waits for notifications; one that does:",
                   "--mode uring-send-zc --notify each,ring:8,ring:64,ring");
  } else {
    out += picture("notifications", "Time to release by way") + folded("As numbers", numbers);
  }
  return out + "</section>\n";
}

}  // namespace ub::report::html
