// The economics of notifications: what a buffer's way back takes, and how many have to be away.
#include "buffers.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "layout.hpp"
#include "numbers.hpp"
#include "uringbench/base/units.hpp"
#include "uringbench/model/factor.hpp"
#include "wrap.hpp"

namespace ub::report {
namespace {

constexpr const char* kNone = "-";

/// Of the best rate, which is as much as repetitions of one case commonly differ.
constexpr double kEnough = 0.95;

bool has_buffers(const Row& row) {
  return spread_of(row, held_peak_bytes).has_value();
}

bool compares_notifies(const Block& block) {
  const auto named = [](const Row& row) { return row.the_case.notify != NotifyFactors{}; };
  return std::any_of(block.rows.begin(), block.rows.end(), named);
}

std::string cell(const Row& row, Metric metric) {
  const auto spread = spread_of(row, metric);
  return spread ? ratio_number(spread->median) : kNone;
}

std::string bytes_cell(const Row& row) {
  const auto spread = spread_of(row, held_peak_bytes);
  return spread ? format_size(static_cast<std::uint64_t>(spread->median)) : kNone;
}

TableRow cells_of(const Row& row) {
  return {{variant_name(row.the_case), cell(row, release_p50_us), cell(row, release_p99_us),
           bytes_cell(row), cell(row, notifications_per_send), cell(row, waits_per_operation)},
          ""};
}

/// Operations that may be away at once.
std::uint64_t buffers_of(const Case& c) {
  if (c.notify.when == Notify::each) return 1;
  if (c.notify.buffers > 0) return c.notify.buffers;
  return std::min<std::uint64_t>(c.working_set_bytes / (c.size_bytes * c.batch), kMaxNotifyBuffers);
}

bool differ_in_buffers_only(Case left, Case right) {
  left.notify = right.notify = {};
  return left == right;
}

using Rows = std::vector<const Row*>;

/// Rows like `first` but for how many buffers they have, fewest first.
Rows alike_but_for_buffers(const Block& block, const Row& first) {
  Rows rows;
  for (const Row& row : block.rows) {
    const bool lazy = row.the_case.notify.when == Notify::lazy;
    if (!lazy && !row.valid.empty() && differ_in_buffers_only(row.the_case, first.the_case)) {
      rows.push_back(&row);
    }
  }
  std::sort(rows.begin(), rows.end(), [](const Row* left, const Row* right) {
    return buffers_of(left->the_case) < buffers_of(right->the_case);
  });
  return rows;
}

double rate_of(const Row& row) {
  const auto rate = spread_of(row, message_rate);
  return rate ? rate->median : 0;
}

/// How many buffers are enough, of rows that are alike otherwise; empty for a single one.
std::string enough_of(const Rows& rows) {
  if (rows.size() < 2) return "";
  double best = 0;
  for (const Row* row : rows) best = std::max(best, rate_of(*row));
  const auto enough = std::find_if(
      rows.begin(), rows.end(), [best](const Row* row) { return rate_of(*row) >= kEnough * best; });
  const Case& c = (*enough)->the_case;
  const std::uint64_t buffers = buffers_of(c);
  Case plain = c;
  plain.notify = {};
  return paragraph(fmt::format("{}: the fewest buffers that give {:.0f}% of its best rate: {} ({})",
                               variant_name(plain), 100 * kEnough, buffers,
                               format_size(buffers * c.batch * c.size_bytes)),
                   {.first = 0, .rest = 4});
}

Table table_of(const Block& block) {
  Table table;
  table.columns = {{"buffers", Align::left, 10}, {"back\nafter us"},  {"\np99"},
                   {"away at\nmost (bytes)"},    {"notific.\n/send"}, {"waits\n/op"}};
  for (const Row& row : block.rows) {
    if (has_buffers(row)) table.rows.push_back(cells_of(row));
  }
  return table;
}

}  // namespace

std::string render_buffers(const Block& block) {
  if (!compares_notifies(block)) return "";
  const Table table = table_of(block);
  if (table.rows.empty()) return "";
  const RenderedTable rendered = render(table);
  std::string out = rendered.head + rendered.body;
  for (auto row = block.rows.begin(); row != block.rows.end(); ++row) {
    const Rows alike = alike_but_for_buffers(block, *row);
    if (!alike.empty() && alike.front() == &*row) out += enough_of(alike);
  }
  return out;
}

}  // namespace ub::report
