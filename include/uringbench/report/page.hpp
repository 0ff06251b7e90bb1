#pragma once

#include <cstddef>
#include <iosfwd>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

/// What a format gives: lines as they stand, and paragraphs and tables whose width is decided where
/// they are written.
namespace ub::report {

enum class Colour { off, on };

/// Of a file, a pipe and a README.
inline constexpr std::size_t kFileColumns = 100;

/// How a page is written down.
struct Look {
  Colour colour = Colour::off;
  std::size_t columns = kFileColumns;  ///< no line that may be wrapped is wider
  std::string build_warning = {};      ///< build_warning() of base/build.hpp; a study opens with it
};

/// What a piece of text is, for terminals that show it. Never a judgement of a figure: a green
/// ratio would be a claim without an interval.
enum class Style { plain, title, head, warning };

enum class Align { left, right };

struct Column {
  std::string head;  ///< a line feed in it makes a head of two lines
  Align align = Align::right;
  /// Where a table would be too wide, a column with `least` > 0 wraps its cells, down to this
  /// width.
  std::size_t least = 0;
  /// And if that is not enough, columns with `spare` > 0 are left out, the highest first; a line
  /// below the table names them.
  int spare = 0;
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

struct Indent {
  std::size_t first = 0;
  std::size_t rest = 0;
};

class Page {
 public:
  Page() = default;
  // NOLINTBEGIN(google-explicit-constructor): a page is put together as text is
  /// Whole lines, which stay as they are: a command to copy, JSON, an empty line.
  Page(std::string lines);
  Page(const char* lines) : Page(std::string(lines)) {}
  Page(char line_feed) : Page(std::string(1, line_feed)) {}
  /// The head of a table is in Style::head.
  Page(Table table);
  // NOLINTEND(google-explicit-constructor)

  /// `text` is wrapped. `margin` stands in the indent of its first line.
  static Page paragraph(std::string_view text, Indent indent, std::string_view margin);

  Page& operator+=(Page more);
  friend Page operator+(Page first, Page second) { return std::move(first += std::move(second)); }

  [[nodiscard]] bool empty() const { return pieces_.empty(); }
  /// As it would be written there.
  [[nodiscard]] std::string text(const Look& look = {}) const;

  /// All of it, unless a piece has a style already.
  [[nodiscard]] Page in(Style style) &&;

 private:
  friend void write(std::ostream& out, const Page& page, const Look& look);

  struct Paragraph {
    std::string text;
    Indent indent;
    std::string margin;
  };
  struct Piece {
    std::variant<std::string, Paragraph, Table> what;
    Style style = Style::plain;
  };

  static std::string text_of(const Piece& piece, const Look& look);

  std::vector<Piece> pieces_;
};

/// `text` as a paragraph of its own.
Page paragraph(std::string_view text, Indent indent = {});

/// Writes and flushes. Throws SetupError when the stream fails: results that were not written must
/// not look as if they were.
void write(std::ostream& out, std::string_view text);
void write(std::ostream& out, const Page& page, const Look& look);

}  // namespace ub::report
