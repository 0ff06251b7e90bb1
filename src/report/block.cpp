#include "block.hpp"

#include <fmt/format.h>

#include "layout.hpp"
#include "numbers.hpp"
#include "remark.hpp"
#include "style.hpp"
#include "wrap.hpp"

namespace ub::report {
namespace {

constexpr const char* kNone = "-";

struct RowContext {
  const Row& row;
  const Row* baseline;
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

std::string mode_cell(const RowContext& context) {
  return mode_name(context.row.the_case);
}

std::string batch_cell(const RowContext& context) {
  const std::uint32_t batch = context.row.the_case.batch;
  const bool other = context.baseline != nullptr && !sends_nothing(context.row.the_case) &&
                     batch != context.baseline->the_case.batch;
  return fmt::format("{}{}", batch, other ? "*" : "");
}

/// Of the message rate, which is the goodput in other units and exists for the null path too.
std::string spread_cell(const RowContext& context) {
  const auto rate = spread_of(context.row, message_rate);
  if (context.row.valid.size() < 2 || !rate || rate->median <= 0) return kNone;
  return spread_number((rate->max - rate->min) / 2 / rate->median);
}

std::string rate_cell(const RowContext& context) {
  const auto rate = spread_of(context.row, message_rate);
  return rate ? short_count(rate->median) : kNone;
}

std::string ratio_cell(const RowContext& context) {
  if (context.baseline == nullptr) return kNone;
  const auto own = spread_of(context.row, throughput_gbps);
  const auto base = spread_of(*context.baseline, throughput_gbps);
  if (!own || !base || base->median <= 0) return kNone;
  return ratio_number(own->median / base->median);
}

std::string calls_cell(const RowContext& context) {
  const auto calls = spread_of(context.row, system_calls_per_operation);
  return calls ? ratio_number(calls->median) : kNone;
}

std::string client_cell(const RowContext& context) {
  const auto share = spread_of(context.row, client_share);
  return share ? percent(share->median) : kNone;
}

std::vector<Filler> fillers(const Shape& shape, std::uint64_t size_bytes) {
  constexpr std::size_t kLeastMode = 12;
  std::vector<Filler> result{{{"mode", Align::left, kLeastMode}, mode_cell}};
  if (shape.batch) result.push_back({{"batch"}, batch_cell});
  result.push_back({{"Gbit/s"}, median_cell<throughput_gbps>});
  if (shape.spread) result.push_back({{"spread"}, spread_cell});
  result.push_back({{"msgs/s"}, rate_cell});
  result.push_back({{"ratio"}, ratio_cell});
  if (size_bytes <= kPricedEachBytes) {
    result.push_back({{"server\nns/msg"}, median_cell<server_ns_per_message>});
  } else {
    result.push_back({{"server\nns/B"}, median_cell<server_ns_per_byte>});
  }
  result.push_back({{"client\nCPU"}, client_cell});
  if (shape.cycles) result.push_back({{"server\ncyc/B"}, median_cell<cycles_per_byte>});
  result.push_back({{"calls\n/op"}, calls_cell});
  return result;
}

std::string figures(const Block& block, const Row* baseline, const BlockOptions& options) {
  const auto columns = fillers(options.shape, block.rows.front().the_case.size_bytes);
  Table table;
  table.remark_head = "copies, marks";
  for (const Filler& filler : columns) table.columns.push_back(filler.column);
  for (const Row& row : block.rows) {
    if (row.valid.empty()) continue;
    TableRow cells;
    for (const Filler& filler : columns) cells.cells.push_back(filler.cell({row, baseline}));
    cells.remark = remark_of(row, options.reps);
    table.rows.push_back(std::move(cells));
  }
  if (table.rows.empty()) return "";
  const RenderedTable rendered = render(table);
  return styled(rendered.head, Style::head, options.colour) + rendered.body;
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
  return fmt::format("{}{}: {}{}: {}", mode_name(row.the_case), batch, failure.status, count,
                     failure.reason);
}

std::string title_of(const Row* baseline, const BlockOptions& options) {
  if (baseline != nullptr) {
    return fmt::format("{} (ratio to {})", options.title, mode_name(baseline->the_case));
  }
  if (options.baseline.empty()) return options.title;
  return fmt::format("{} (no ratio: {} has no valid sample here)", options.title, options.baseline);
}

bool has_cycles(const Row& row) {
  return spread_of(row, cycles_per_byte).has_value();
}

}  // namespace

Shape shape_of(const std::vector<Block>& blocks) {
  Shape shape;
  for (const Block& block : blocks) {
    for (const Row& row : block.rows) {
      shape.batch |= row.the_case.batch != blocks.front().rows.front().the_case.batch;
      shape.spread |= row.valid.size() > 1;
      shape.cycles |= has_cycles(row);
    }
  }
  return shape;
}

std::string render_failures(const Block& block, std::uint32_t reps) {
  std::string out;
  for (const Row& row : block.rows) {
    for (const Failure& failure : row.failures) {
      out += paragraph(failure_text(row, failure, reps), {.first = 0, .rest = 4});
    }
  }
  return out;
}

std::string render_block(const Block& block, const BlockOptions& options) {
  const Row* baseline = baseline_of(block, options.baseline);
  std::string out = styled(paragraph(title_of(baseline, options)), Style::title, options.colour);
  out += figures(block, baseline, options);
  out += styled(render_failures(block, options.reps), Style::warning, options.colour);
  const std::string cost = harness_cost(block);
  if (!cost.empty()) out += paragraph(cost, {.first = 0, .rest = 4});
  return out;
}

}  // namespace ub::report
