#pragma once

#include <cstddef>
#include <string>
#include <vector>

namespace ub::report {

enum class Align { left, right };

struct Column {
  std::string head;  ///< a line feed in it makes a head of two lines
  Align align = Align::right;
  /// Where a table would be too wide, a column with `least` > 0 wraps its cells, down to this
  /// width.
  std::size_t least = 0;
};

/// The cell of what there is no value of.
inline constexpr const char* kNone = "-";

/// `remark` is free text: it stands behind the cells where it fits or can be wrapped well, else
/// below them, indented.
struct TableRow {
  std::vector<std::string> cells;
  std::string remark;
};

struct Table {
  std::vector<Column> columns;
  std::string remark_head;
  std::vector<TableRow> rows;
};

struct RenderedTable {
  std::string head;
  std::string body;

  [[nodiscard]] std::string text() const { return head + body; }
};

/// At most kTableWidth columns, provided that the columns fit at their least widths. No line ends
/// in a blank; every line ends in a line feed.
RenderedTable render(const Table& table);

}  // namespace ub::report
