#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "layout.hpp"
#include "uringbench/model/json.hpp"

/// How the HTML page is written: text that stays text, and tables. Names and reasons come from
/// files and from other machines, so nothing of them may become markup.
namespace ub::report::html {

/// `text` as it may stand between tags and in a quoted attribute. Bytes that are not UTF-8 and
/// control characters become U+FFFD.
std::string escaped(std::string_view text);

/// JSON for a <script> element: one line, in which no character can end the element.
std::string script_json(const Json& json);

/// Five significant digits: what a picture can show. Infinity and NaN become null.
Json rounded(double value);

/// "4 KiB", "64 B", "1 MiB".
std::string size_label(std::uint64_t size_bytes);

/// Three digits, and from 10,000 on with a prefix: "0.932", "4612", "44.9 k".
std::string figure_text(double value);

struct TableColumn {
  std::string_view head;
  Align align = Align::left;
};

/// A table whose cells are text. `name` is its id; empty for none.
std::string table(std::string_view name, const std::vector<TableColumn>& columns,
                  const std::vector<std::vector<std::string>>& rows);

/// <p class="…">text</p>
std::string paragraph_of(std::string_view style, std::string_view text);

/// The one line of a section that has nothing to show: what is missing, and the command for it.
std::string nothing(std::string_view why, std::string_view command);

/// Where the page's script draws the picture of that name; empty without script.
std::string picture(std::string_view name, std::string_view what);

}  // namespace ub::report::html
