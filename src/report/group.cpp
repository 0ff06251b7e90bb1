#include "group.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

#include "uringbench/base/units.hpp"
#include "writing.hpp"

namespace ub::report {
namespace {

using analysis::Failure;
using analysis::Group;
using analysis::Metric;
using analysis::Row;
using analysis::spread_of;

struct RowContext {
  const Row& row;
  const Row* baseline;  ///< with the batch of the row
  bool lacks_baseline;  ///< Group::lacks_baseline()
};

/// A column and how to fill it.
struct Filler {
  Column column;
  std::string (*cell)(const RowContext&);
};

template <Metric metric>
std::string median_cell(const RowContext& context) {
  const auto spread = spread_of(context.row, metric);
  return spread ? short_number(spread->median) : kNone;
}

/// ">=812": what was not answered would have taken longer.
template <Metric metric>
std::string latency_cell(const RowContext& context) {
  const auto& samples = context.row.valid;
  const bool at_least = std::any_of(samples.begin(), samples.end(), [](const Sample* sample) {
    return analysis::latency_is_lower_bound(*sample);
  });
  return (at_least ? ">=" : "") + median_cell<metric>(context);
}

std::string batch_cell(const RowContext& context) {
  return fmt::format("{}{}", context.row.the_case.batch, context.lacks_baseline ? "*" : "");
}

/// How far the interval of the median reaches to its longer side. Of the message rate, which is the
/// goodput in other units and exists for the null path too.
std::string spread_cell(const RowContext& context) {
  const auto rate = analysis::rate_of(context.row);
  if (!rate || rate->value <= 0) return kNone;
  return spread_number(std::max(rate->high - rate->value, rate->value - rate->low) / rate->value);
}

std::string rate_cell(const RowContext& context) {
  const auto rate = spread_of(context.row, analysis::message_rate);
  return rate ? short_count(rate->median) : kNone;
}

const std::optional<stats::Interval>& ratio_of(const RowContext& context) {
  static const std::optional<stats::Interval> no_ratio;
  const auto& comparison = context.row.against_baseline;
  return comparison ? comparison->ratio : no_ratio;
}

std::string ratio_cell(const RowContext& context) {
  const auto ratio = analysis::ratio_to(context.row, context.baseline);
  return ratio ? ratio_number(*ratio) : kNone;
}

std::string mode_cell(const RowContext& context) {
  return variant_name(context.row.the_case);
}

/// "uring-bundle x64": a table with verdicts has no room for a column of batches.
std::string mode_and_batch_cell(const RowContext& context) {
  if (context.row.the_case.batch == 1) return mode_cell(context);
  return fmt::format("{} x{}", mode_cell(context), batch_cell(context));
}

std::string interval_cell(const RowContext& context) {
  const auto& ratio = ratio_of(context);
  return ratio ? interval_text(*ratio) : kNone;
}

std::string verdict_cell(const RowContext& context) {
  if (context.baseline == &context.row) return "baseline";
  if (!ratio_of(context)) return kNone;
  return std::string(to_text(context.row.against_baseline->verdict));
}

std::string calls_cell(const RowContext& context) {
  const auto calls = spread_of(context.row, analysis::system_calls_per_operation);
  return calls ? ratio_number(calls->median) : kNone;
}

std::string client_cell(const RowContext& context) {
  const auto share = spread_of(context.row, analysis::client_share);
  return share ? percent(share->median) : kNone;
}

std::vector<Filler> fillers(const Shape& shape, std::uint64_t size_bytes) {
  constexpr std::size_t kLeastMode = 16;
  const bool batch_column = shape.batch && !shape.verdicts;
  const auto mode = shape.batch && shape.verdicts ? mode_and_batch_cell : mode_cell;
  std::vector<Filler> result{{{"mode", Align::left, kLeastMode}, mode}};
  if (batch_column) result.push_back({{"batch"}, batch_cell});
  if (!shape.requests) result.push_back({{"Gbit/s"}, median_cell<analysis::throughput_gbps>});
  if (shape.spread) result.push_back({{"+-"}, spread_cell});
  if (shape.requests) {
    result.push_back({{"req/s"}, rate_cell});
    result.push_back({{"p50\nus"}, latency_cell<analysis::latency_p50_us>});
    result.push_back({{"p99\nus"}, latency_cell<analysis::latency_p99_us>});
    if (!shape.verdicts)
      result.push_back(
          {{.head = "p99.9\nus", .spare = 1}, latency_cell<analysis::latency_p999_us>});
  } else if (!shape.verdicts) {
    result.push_back({{"msgs/s"}, rate_cell});
  }
  result.push_back({{"ratio"}, ratio_cell});
  if (shape.verdicts) {
    result.push_back({{"interval"}, interval_cell});
    result.push_back({{"verdict", Align::left}, verdict_cell});
  }
  if (size_bytes <= kPricedEachBytes || shape.requests) {
    result.push_back({{"CPU\nns/msg"}, median_cell<analysis::cpu_ns_per_message>});
    result.push_back(
        {{.head = "server\nns/msg", .spare = 2}, median_cell<analysis::server_ns_per_message>});
  } else {
    result.push_back({{"CPU\nns/B"}, median_cell<analysis::cpu_ns_per_byte>});
    result.push_back(
        {{.head = "server\nns/B", .spare = 2}, median_cell<analysis::server_ns_per_byte>});
  }
  result.push_back({{.head = "client\nCPU", .spare = 3}, client_cell});
  if (shape.cycles && !shape.requests) {
    result.push_back(
        {{.head = "server\ncyc/B", .spare = 1}, median_cell<analysis::cycles_per_byte>});
  }
  if (!shape.verdicts) result.push_back({{.head = "calls\n/op", .spare = 1}, calls_cell});
  return result;
}

Page figures(const Group& group, const GroupOptions& options) {
  const auto columns = fillers(options.shape, group.rows.front().the_case.size_bytes);
  Table table;
  table.remark_head = "copies, marks";
  for (const Filler& filler : columns) table.columns.push_back(filler.column);
  for (const Row& row : group.rows) {
    if (row.valid.empty()) continue;
    TableRow cells;
    const RowContext context{row, group.baseline_of(row), group.lacks_baseline(row)};
    for (const Filler& filler : columns) cells.cells.push_back(filler.cell(context));
    cells.remark = remark_of(row, options.reps);
    table.rows.push_back(std::move(cells));
  }
  return table.rows.empty() ? Page() : Page(std::move(table));
}

std::string failure_text(const Row& row, const Failure& failure, std::uint32_t reps) {
  const std::string batch =
      row.the_case.batch == 1 ? "" : fmt::format(" (batch {})", row.the_case.batch);
  // A case that ran at all says how often it went wrong; one that could not run did not run every
  // time.
  const bool partly = failure.count < reps && failure.status != "not run" &&
                      failure.status != to_text(Status::unavailable);
  const std::string count =
      partly ? fmt::format(" in {} of {} repetitions", failure.count, reps) : "";
  return fmt::format("{}{}: {}{}: {}", variant_name(row.the_case), batch, failure.status, count,
                     failure.reason);
}

bool is_judged_by_latency(const Group& group) {
  return analysis::judged_by(group.rows.front().the_case) == analysis::Objective::latency_p99;
}

std::string title_of(const Group& group, const GroupOptions& options) {
  if (const Row* baseline = group.baseline_row()) {
    return fmt::format(
        "{} ({} {})", group.title,
        is_judged_by_latency(group) ? "p99 of the response time against" : "ratio to",
        variant_name(baseline->the_case));
  }
  if (options.baseline.empty()) return group.title;
  return fmt::format("{} (no ratio: {} has no valid sample here)", group.title, options.baseline);
}

std::string_view words_of(analysis::Objective objective) {
  return objective == analysis::Objective::cpu ? "CPU time" : "p50";
}

/// "uring-two-copy: p50 1.20 [1.10, 1.31] faster; CPU time 0.98 [0.95, 1.02] same"
Page render_at_load(const Group& group) {
  Page out;
  for (const Row& row : group.rows) {
    std::vector<std::string> parts;
    for (const analysis::AtLoad& each : row.at_load) {
      const stats::Comparison& result = each.against_baseline;
      if (!result.ratio) continue;
      parts.push_back(fmt::format("{} {} {}", words_of(each.objective), ratio_text(*result.ratio),
                                  to_text(result.verdict)));
    }
    if (parts.empty()) continue;
    out += paragraph(fmt::format("{}: {}", variant_name(row.the_case), fmt::join(parts, "; ")),
                     {.rest = 4});
  }
  return out;
}

std::string cell(const Row& row, Metric metric) {
  const auto spread = spread_of(row, metric);
  return spread ? ratio_number(spread->median) : kNone;
}

std::string bytes_cell(const Row& row) {
  const auto spread = spread_of(row, analysis::held_peak_bytes);
  return spread ? format_size(static_cast<std::uint64_t>(spread->median)) : kNone;
}

/// The economics of notifications: what a buffer's way back takes, and how many have to be away.
Page render_buffers(const Group& group) {
  if (!group.compares_buffers) return {};
  Table table;
  table.columns = {{"buffers", Align::left, 10}, {"back\nafter us"},  {"\np99"},
                   {"away at\nmost (bytes)"},    {"notific.\n/send"}, {"waits\n/op"}};
  for (const Row& row : group.rows) {
    if (!spread_of(row, analysis::held_peak_bytes)) continue;
    table.rows.push_back(
        {{variant_name(row.the_case), cell(row, analysis::release_p50_us),
          cell(row, analysis::release_p99_us), bytes_cell(row),
          cell(row, analysis::notifications_per_send), cell(row, analysis::waits_per_operation)},
         ""});
  }
  if (table.rows.empty()) return {};
  Page out = std::move(table);
  for (const analysis::EnoughBuffers& each : group.enough_buffers) {
    out += paragraph(
        fmt::format("{}: the fewest buffers that give {:.0f}% of its best rate: {} ({})",
                    each.variant, 100 * each.share, each.buffers, format_size(each.bytes)),
        {.first = 0, .rest = 4});
  }
  return out;
}

bool has_cycles(const Row& row) {
  return spread_of(row, analysis::cycles_per_byte).has_value();
}

}  // namespace

Shape shape_of(const std::vector<Group>& groups) {
  Shape shape;
  for (const Group& group : groups) {
    for (const Row& row : group.rows) {
      shape.batch |= row.the_case.batch != groups.front().rows.front().the_case.batch;
      shape.spread |= row.valid.size() > 1;
      shape.verdicts |= row.against_baseline && row.against_baseline->ratio;
      shape.cycles |= has_cycles(row);
      shape.requests |= has_requests(row.the_case.workload);
    }
  }
  return shape;
}

Page render_failures(const Group& group, std::uint32_t reps) {
  Page out;
  for (const Row& row : group.rows) {
    for (const Failure& failure : row.failures) {
      out += paragraph(failure_text(row, failure, reps), {.first = 0, .rest = 4});
    }
  }
  return out;
}

Page render_group(const Group& group, const GroupOptions& options) {
  Page out = paragraph(title_of(group, options)).in(Style::title);
  out += figures(group, options);
  out += render_at_load(group);
  out += render_failures(group, options.reps).in(Style::warning);
  const std::string cost = harness_cost(group);
  if (!cost.empty()) out += paragraph(cost, {.first = 0, .rest = 4});
  return out + render_buffers(group);
}

}  // namespace ub::report
