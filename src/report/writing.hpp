#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "uringbench/report/page.hpp"
#include "uringbench/stats/interval.hpp"

/// How reports write: lines of a bounded width, and numbers for people.
namespace ub::report {

/// Columns that `text` takes on a terminal: one a code point. Tables print ASCII; only reasons and
/// facts that come from elsewhere may hold more, and double-width letters are not expected there.
std::size_t display_width(std::string_view text);

/// Lines of at most `width` columns, broken at blanks, and inside a longer word after a dash or
/// slash where there is one. A line feed is kept as a break; other control characters become
/// blanks, so that no text can steer the terminal. At least one line.
std::vector<std::string> wrap(std::string_view text, std::size_t width);

/// `line` without blanks at its end, and with a line feed.
std::string trimmed(std::string line);

/// `text` wrapped to lines of at most `columns` with their indent, each ended by a line feed.
std::string indented(std::string_view text, Indent indent, std::size_t columns);

/// Three significant digits in at most 8 characters: "0.0123", "1.20", "56.2", "1234", "1.2e+06";
/// "0".
std::string short_number(double value);

/// Like short_number(), but with at most three decimals from 0.001 to 0.1: "0.079", for ratios.
std::string ratio_number(double value);

/// "26.1 M", "766 k": format_count(), but at most 8 characters for any value.
std::string short_count(double count);

/// A share as "100%", "99.8%", "48.3%", "<0.1%", "0%". Rounding never makes 100 % of less, nor 0 of
/// more.
std::string percent(double share);

/// Half a range over its middle: "+-15%", "+-2.6%", "<0.1%", ">999%"; at most 6 characters.
std::string spread_number(double half_range);

/// "15.6 KiB".
std::string size_text(double bytes);

/// "[1.20, 1.26]", and the same behind its value.
std::string interval_text(const stats::Interval& ratio);
std::string ratio_text(const stats::Interval& ratio);

}  // namespace ub::report
