#include "writing.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

#include "uringbench/base/check.hpp"
#include "uringbench/base/units.hpp"

namespace ub::report {
namespace {

using Lines = std::vector<std::string>;

bool continues_code_point(char c) {
  return (static_cast<unsigned char>(c) & 0xC0U) == 0x80U;
}

bool is_control(char c) {
  return static_cast<unsigned char>(c) < 0x20 || c == 0x7F;
}

std::string without_controls(std::string_view text) {
  std::string clean(text);
  std::replace_if(
      clean.begin(), clean.end(), [](char c) { return is_control(c) && c != '\n'; }, ' ');
  return clean;
}

std::size_t prefix_bytes(std::string_view text, std::size_t width) {
  std::size_t bytes = 0;
  for (std::size_t columns = 0; bytes < text.size(); ++bytes) {
    if (continues_code_point(text[bytes])) continue;
    if (columns++ == width) break;
  }
  return bytes;
}

/// Where to break a word that is wider than `width`.
std::size_t cut_point(std::string_view word, std::size_t width) {
  const std::size_t most = prefix_bytes(word, width);
  const std::size_t joint = word.substr(0, most).find_last_of("-/");
  return joint == std::string_view::npos ? most : joint + 1;
}

class Wrapper {
 public:
  explicit Wrapper(std::size_t width) : width_(width) {}

  void add(std::string_view word) {
    if (!line_.empty() && display_width(line_) + 1 + display_width(word) > width_) finish_line();
    while (display_width(word) > width_) {
      const std::size_t cut = cut_point(word, width_);
      lines_.emplace_back(word.substr(0, cut));
      word.remove_prefix(cut);
    }
    if (!line_.empty()) line_ += ' ';
    line_ += word;
  }

  void finish_line() {
    lines_.push_back(std::move(line_));
    line_.clear();
  }

  Lines take() { return std::move(lines_); }

 private:
  std::size_t width_;
  std::string line_;
  Lines lines_;
};

void add_words(Wrapper& wrapper, std::string_view text) {
  while (!text.empty()) {
    const std::size_t end = std::min(text.find(' '), text.size());
    if (end > 0) wrapper.add(text.substr(0, end));
    text.remove_prefix(std::min(end + 1, text.size()));
  }
}

}  // namespace

std::size_t display_width(std::string_view text) {
  return text.size() -
         static_cast<std::size_t>(std::count_if(text.begin(), text.end(), continues_code_point));
}

Lines wrap(std::string_view text, std::size_t width) {
  check(width > 0, "text is wrapped to at least one column");
  const std::string clean = without_controls(text);
  Wrapper wrapper(width);
  std::string_view rest = clean;
  for (;;) {
    const std::size_t end = std::min(rest.find('\n'), rest.size());
    add_words(wrapper, rest.substr(0, end));
    wrapper.finish_line();
    if (end == rest.size()) return wrapper.take();
    rest.remove_prefix(end + 1);
  }
}

std::string trimmed(std::string line) {
  line.erase(line.find_last_not_of(' ') + 1);
  return line + '\n';
}

std::string indented(std::string_view text, Indent indent, std::size_t columns) {
  const std::size_t widest_indent = std::max(indent.first, indent.rest);
  std::string out;
  for (const std::string& line : wrap(text, columns - widest_indent)) {
    out += trimmed(std::string(out.empty() ? indent.first : indent.rest, ' ') + line);
  }
  return out;
}

std::string short_number(double value) {
  if (value == 0) return "0";
  if (value < 0.001 || value >= 99999.5) return fmt::format("{:.1e}", value);
  if (value >= 99.95) return fmt::format("{:.0f}", value);
  const int decimals = value >= 9.995 ? 1 : value >= 0.9995 ? 2 : value >= 0.09995 ? 3 : 4;
  return fmt::format("{:.{}f}", value, decimals);
}

std::string ratio_number(double value) {
  if (value < 0.001 || value >= 0.0995) return short_number(value);
  return fmt::format("{:.3f}", value);
}

std::string short_count(double count) {
  constexpr double kFirstTooLong = 999.5e9;  // format_count() has no prefix above G
  return count < kFirstTooLong ? format_count(count) : short_number(count);
}

std::string percent(double share) {
  if (share == 0) return "0%";
  if (share < 0.001) return "<0.1%";
  if (share > 9.995) return ">999%";
  if (share >= 1) return fmt::format("{:.0f}%", share * 100);
  const double rounded_to_less_than_whole = std::min(share * 100, 99.9);
  return fmt::format("{:.1f}%", rounded_to_less_than_whole);
}

std::string spread_number(double half_range) {
  if (half_range == 0) return "+-0%";
  if (half_range < 0.001) return "<0.1%";
  if (half_range > 9.995) return ">999%";
  return fmt::format("+-{:.{}f}%", half_range * 100, half_range < 0.0995 ? 1 : 0);
}

std::string size_text(double bytes) {
  constexpr double kKibi = 1024;
  if (bytes < kKibi) return fmt::format("{:.0f} B", bytes);
  if (bytes < kKibi * kKibi) return fmt::format("{:.3g} KiB", std::min(bytes / kKibi, 999.4));
  return fmt::format("{:.3g} MiB", bytes / kKibi / kKibi);
}

std::string interval_text(const stats::Interval& ratio) {
  return fmt::format("[{}, {}]", ratio_number(ratio.low), ratio_number(ratio.high));
}

std::string ratio_text(const stats::Interval& ratio) {
  return fmt::format("{} {}", ratio_number(ratio.value), interval_text(ratio));
}

}  // namespace ub::report
