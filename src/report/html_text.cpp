#include "html_text.hpp"

#include <fmt/format.h>

#include <cmath>
#include <cstdlib>

#include "uringbench/base/units.hpp"
#include "writing.hpp"

namespace ub::report::html {
namespace {

constexpr std::string_view kReplacement = "\xef\xbf\xbd";  // U+FFFD

/// `text` with every byte that is not UTF-8 replaced, as the JSON library does it.
std::string valid_utf8(std::string_view text) {
  const std::string quoted = Json(text).dump(-1, ' ', false, Json::error_handler_t::replace);
  return Json::parse(quoted).get<std::string>();
}

std::string_view entity_of(char c) {
  switch (c) {
    case '&':
      return "&amp;";
    case '<':
      return "&lt;";
    case '>':
      return "&gt;";
    case '"':
      return "&quot;";
    case '\'':
      return "&#39;";
    default:
      return {};
  }
}

bool is_control(char c) {
  const auto byte = static_cast<unsigned char>(c);
  return byte == 0x7f || (byte < 0x20 && c != '\n' && c != '\t');
}

void replace_all(std::string& text, std::string_view what, std::string_view with) {
  for (auto at = text.find(what); at != std::string::npos; at = text.find(what, at + with.size())) {
    text.replace(at, what.size(), with);
  }
}

std::string row_of(const std::vector<TableColumn>& columns, const std::vector<std::string>& cells) {
  std::string out = "<tr>";
  for (std::size_t i = 0; i < cells.size(); ++i) {
    const bool number = i < columns.size() && columns[i].align == Align::right;
    out += number ? "<td class=n>" : "<td>";
    out += escaped(cells[i]) + "</td>";
  }
  return out + "</tr>\n";
}

}  // namespace

std::string escaped(std::string_view text) {
  std::string out;
  for (const char c : valid_utf8(text)) {
    const std::string_view entity = entity_of(c);
    if (!entity.empty()) {
      out += entity;
    } else if (is_control(c)) {
      out += kReplacement;
    } else {
      out += c;
    }
  }
  return out;
}

std::string script_json(const Json& json) {
  std::string text = json.dump(-1, ' ', false, Json::error_handler_t::replace);
  replace_all(text, "<", "\\u003c");
  replace_all(text, ">", "\\u003e");
  replace_all(text, "&", "\\u0026");
  replace_all(text, "\xe2\x80\xa8", "\\u2028");
  replace_all(text, "\xe2\x80\xa9", "\\u2029");
  return text;
}

Json rounded(double value) {
  if (!std::isfinite(value)) return nullptr;
  const double five_digits = std::strtod(fmt::format("{:.5g}", value).c_str(), nullptr);
  if (five_digits == std::trunc(five_digits) && std::abs(five_digits) < 1e15) {
    return static_cast<std::int64_t>(five_digits);  // "64" instead of "64.0"
  }
  return five_digits;
}

std::string figure_text(double value) {
  constexpr double kLong = 10'000;
  return value < kLong ? short_number(value) : short_count(value);
}

std::string size_label(std::uint64_t size_bytes) {
  std::string text = format_size(size_bytes);
  const char unit = text.back();
  if (unit >= '0' && unit <= '9') return text + " B";
  text.pop_back();
  return fmt::format("{} {}iB", text, unit);
}

std::string table(std::string_view name, const std::vector<TableColumn>& columns,
                  const std::vector<std::vector<std::string>>& rows) {
  std::string out = "<div class=scroll><table";
  if (!name.empty()) out += fmt::format(" id={}", name);
  out += "><thead><tr>";
  for (const TableColumn& column : columns) {
    out += column.align == Align::right ? "<th scope=col class=n>" : "<th scope=col>";
    out += escaped(column.head) + "</th>";
  }
  out += "</tr></thead><tbody>\n";
  for (const auto& cells : rows) out += row_of(columns, cells);
  return out + "</tbody></table></div>\n";
}

std::string paragraph_of(std::string_view style, std::string_view text) {
  if (text.empty()) return "";
  return fmt::format("<p class={}>{}</p>\n", style, escaped(text));
}

std::string nothing(std::string_view why, std::string_view command) {
  std::string out = "<p class=empty>" + escaped(why);
  if (!command.empty()) out += " <code>" + escaped(command) + "</code>";
  return out + "</p>\n";
}

std::string picture(std::string_view name, std::string_view what) {
  return fmt::format("<figure class=picture data-picture={} aria-label=\"{}\"></figure>\n", name,
                     escaped(what));
}

}  // namespace ub::report::html
