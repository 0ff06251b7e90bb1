#include "layout.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <numeric>

#include "uringbench/base/check.hpp"
#include "uringbench/base/units.hpp"
#include "writing.hpp"

namespace ub::report {
namespace {

using Lines = std::vector<std::string>;

constexpr std::size_t kGap = 2;
constexpr std::size_t kLeastBeside = 8;    // "two-copy": the commonest remark of all
constexpr std::size_t kLeastWrapped = 16;  // narrower, a sentence becomes a ladder of words
constexpr std::size_t kRemarkIndent = 4;

std::size_t widest(const Lines& lines) {
  std::size_t width = 0;
  for (const std::string& line : lines) width = std::max(width, display_width(line));
  return width;
}

std::string padded(const std::string& text, std::size_t width, Align align) {
  const std::string blanks(width - display_width(text), ' ');
  return align == Align::left ? text + blanks : blanks + text;
}

using Widths = std::vector<std::size_t>;

Widths natural_widths(const Table& table) {
  Widths widths;
  for (const Column& column : table.columns) {
    widths.push_back(widest(wrap(column.head, kFileColumns)));
  }
  for (const TableRow& row : table.rows) {
    check(row.cells.size() == widths.size(), "a table row has one cell a column");
    for (std::size_t i = 0; i < widths.size(); ++i) {
      widths[i] = std::max(widths[i], display_width(row.cells[i]));
    }
  }
  return widths;
}

std::size_t total_of(const Widths& widths) {
  return std::accumulate(widths.begin(), widths.end(), kGap * (widths.size() - 1));
}

/// Takes what is too much from the columns that may wrap, always from the widest of them.
void shrink(Widths& widths, const std::vector<Column>& columns, std::size_t width) {
  for (std::size_t total = total_of(widths); total > width; --total) {
    std::size_t widest = columns.size();
    for (std::size_t i = 0; i < columns.size(); ++i) {
      if (columns[i].least == 0 || widths[i] <= columns[i].least) continue;
      if (widest == columns.size() || widths[i] >= widths[widest]) widest = i;
    }
    if (widest == columns.size()) return;
    --widths[widest];
  }
}

std::size_t least_total(const Table& table) {
  Widths widths = natural_widths(table);
  for (std::size_t i = 0; i < widths.size(); ++i) {
    const std::size_t least = table.columns[i].least;
    if (least > 0) widths[i] = std::min(widths[i], least);
  }
  return total_of(widths);
}

void take_out(Table& table, std::size_t column) {
  const auto at = static_cast<std::ptrdiff_t>(column);
  table.columns.erase(table.columns.begin() + at);
  for (TableRow& row : table.rows) row.cells.erase(row.cells.begin() + at);
}

/// Leaves out columns that may go until the rest can fit; the heads of those, in one line.
std::vector<std::string> leave_out(Table& table, std::size_t width) {
  std::vector<std::string> heads;
  while (least_total(table) > width) {
    const auto spare =
        std::max_element(table.columns.begin(), table.columns.end(),
                         [](const Column& a, const Column& b) { return a.spare < b.spare; });
    if (spare->spare == 0) break;
    std::string head = spare->head;
    std::replace(head.begin(), head.end(), '\n', ' ');
    heads.push_back(std::move(head));
    take_out(table, static_cast<std::size_t>(spare - table.columns.begin()));
  }
  return heads;
}

/// The room behind the cells; 0 when every remark goes below.
std::size_t remark_width(const Table& table, const Widths& widths, std::size_t width) {
  std::size_t longest = display_width(table.remark_head);
  for (const TableRow& row : table.rows) longest = std::max(longest, display_width(row.remark));
  const std::size_t taken = std::min(total_of(widths) + kGap, width);
  const std::size_t room = width - taken;
  return room >= std::min(longest, kLeastBeside) ? std::min(room, longest) : 0;
}

bool goes_below(const std::string& remark, std::size_t beside) {
  if (remark.empty() || beside >= kLeastWrapped) return false;
  return display_width(remark) > beside;
}

enum class Stand { top, bottom };

/// One row of cells, each of as many lines as it needs. Heads stand on the bottom line, cells on
/// the top.
std::string cell_lines(const std::vector<Lines>& cells, const Widths& widths,
                       const std::vector<Align>& aligns, Stand stand) {
  std::size_t height = 0;
  for (const Lines& cell : cells) height = std::max(height, cell.size());
  std::string out;
  for (std::size_t y = 0; y < height; ++y) {
    std::string line;
    for (std::size_t x = 0; x < cells.size(); ++x) {
      const std::size_t above = stand == Stand::top ? 0 : height - cells[x].size();
      const bool inside = y >= above && y - above < cells[x].size();
      if (x > 0) line += std::string(kGap, ' ');
      line += padded(inside ? cells[x][y - above] : "", widths[x], aligns[x]);
    }
    out += trimmed(line);
  }
  return out;
}

std::vector<Lines> wrapped_cells(const std::vector<std::string>& cells, const Widths& widths) {
  std::vector<Lines> wrapped;
  for (std::size_t i = 0; i < cells.size(); ++i) wrapped.push_back(wrap(cells[i], widths[i]));
  return wrapped;
}

}  // namespace

RenderedTable render(Table table, std::size_t columns) {
  const std::vector<std::string> left_out = leave_out(table, columns);
  Widths widths = natural_widths(table);
  shrink(widths, table.columns, columns);
  const std::size_t beside = remark_width(table, widths, columns);
  if (beside > 0) widths.push_back(beside);

  std::vector<Align> aligns;
  std::vector<std::string> heads;
  for (const Column& column : table.columns) {
    aligns.push_back(column.align);
    heads.push_back(column.head);
  }
  aligns.push_back(Align::left);
  if (beside > 0) heads.push_back(table.remark_head);

  RenderedTable out;
  out.head = cell_lines(wrapped_cells(heads, widths), widths, aligns, Stand::bottom);
  for (const TableRow& row : table.rows) {
    const bool below = goes_below(row.remark, beside);
    std::vector<std::string> cells = row.cells;
    if (beside > 0) cells.push_back(below ? "" : row.remark);
    out.body += cell_lines(wrapped_cells(cells, widths), widths, aligns, Stand::top);
    if (below) {
      out.body += indented(row.remark, {.first = kRemarkIndent, .rest = kRemarkIndent}, columns);
    }
  }
  if (!left_out.empty()) {
    out.body += indented(fmt::format("left out for want of room: {}", list_text(left_out, "and")),
                         {}, columns);
  }
  return out;
}

}  // namespace ub::report
