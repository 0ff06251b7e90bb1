#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace ub::report {

/// No line of any table is wider: it fits a wide terminal, a README and a mail.
inline constexpr std::size_t kTableWidth = 100;

/// Columns that `text` takes on a terminal: one a code point. Tables print ASCII; only reasons and
/// facts that come from elsewhere may hold more, and double-width letters are not expected there.
std::size_t display_width(std::string_view text);

/// Lines of at most `width` columns, broken at blanks, and inside a longer word after a dash or
/// slash where there is one. A line feed is kept as a break; other control characters become
/// blanks, so that no text can steer the terminal. At least one line.
std::vector<std::string> wrap(std::string_view text, std::size_t width);

/// `line` without blanks at its end, and with a line feed.
std::string trimmed(std::string line);

struct Indent {
  std::size_t first = 0;
  std::size_t rest = 0;
};

/// `text` wrapped to the width of a table, each line ended by a line feed.
std::string paragraph(std::string_view text, Indent indent = {});

}  // namespace ub::report
