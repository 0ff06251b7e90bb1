#include "uringbench/base/units.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <limits>
#include <utility>

namespace ub {
namespace {

struct Suffix {
  std::string_view text;
  double factor;
};

constexpr std::array<std::pair<char, unsigned>, 3> kSizeShifts{{{'K', 10}, {'M', 20}, {'G', 30}}};
constexpr std::array<Suffix, 6> kDurations{
    {{"ns", 1.0}, {"us", 1e3}, {"ms", 1e6}, {"s", 1e9}, {"m", 60e9}, {"h", 3600e9}}};

std::string three_digits(double value, std::string_view unit) {
  const double magnitude = std::fabs(value);
  const int decimals = magnitude >= 99.95 ? 0 : magnitude >= 9.995 ? 1 : 2;
  std::string digits = fmt::format("{:.{}f}", value, decimals);
  if (digits.find('.') != std::string::npos) {
    digits.erase(digits.find_last_not_of('0') + 1);
    if (digits.back() == '.') digits.pop_back();
  }
  return unit.empty() ? digits : fmt::format("{} {}", digits, unit);
}

}  // namespace

std::optional<std::uint64_t> parse_size(std::string_view text) {
  if (text.ends_with("iB")) {
    text.remove_suffix(2);
  } else if (text.ends_with('B')) {
    text.remove_suffix(1);
  }
  unsigned shift = 0;
  for (const auto& [letter, bits] : kSizeShifts) {
    if (text.ends_with(letter) || text.ends_with(static_cast<char>(letter + ('a' - 'A')))) {
      shift = bits;
      text.remove_suffix(1);
      break;
    }
  }
  std::uint64_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  const bool whole = error == std::errc{} && end == text.data() + text.size() && !text.empty();
  constexpr std::uint64_t kMost = std::numeric_limits<std::int64_t>::max();
  if (!whole || value > (kMost >> shift)) return std::nullopt;
  return value << shift;
}

std::optional<std::uint64_t> parse_duration_ns(std::string_view text) {
  const auto suffix = std::find_if(kDurations.begin(), kDurations.end(),
                                   [&](const Suffix& unit) { return text.ends_with(unit.text); });
  if (suffix == kDurations.end()) return std::nullopt;
  text.remove_suffix(suffix->text.size());
  double value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  const bool whole = error == std::errc{} && end == text.data() + text.size() && !text.empty();
  constexpr double kLongestNs = 1e18;  // about 31 years: fits 63 bits with room to add
  const double ns = value * suffix->factor;
  if (!whole || !(ns >= 0) || ns > kLongestNs) return std::nullopt;
  return static_cast<std::uint64_t>(std::llround(ns));
}

std::string format_size(std::uint64_t size_bytes) {
  for (auto unit = kSizeShifts.rbegin(); unit != kSizeShifts.rend(); ++unit) {
    const std::uint64_t mask = (std::uint64_t{1} << unit->second) - 1;
    if (size_bytes != 0 && (size_bytes & mask) == 0) {
      return fmt::format("{}{}", size_bytes >> unit->second, unit->first);
    }
  }
  return fmt::format("{}", size_bytes);
}

std::string format_duration(double duration_ns) {
  for (const Suffix& unit : {Suffix{"s", 1e9}, Suffix{"ms", 1e6}, Suffix{"us", 1e3}}) {
    if (std::fabs(duration_ns) >= 0.9995 * unit.factor) {
      return three_digits(duration_ns / unit.factor, unit.text);
    }
  }
  return three_digits(duration_ns, "ns");
}

std::string format_count(double count) {
  for (const Suffix& unit : {Suffix{"G", 1e9}, Suffix{"M", 1e6}, Suffix{"k", 1e3}}) {
    if (std::fabs(count) >= 0.9995 * unit.factor) {
      return three_digits(count / unit.factor, unit.text);
    }
  }
  return three_digits(count, "");
}

std::vector<std::string> split_list(std::string_view list) {
  std::vector<std::string> parts(1);
  for (const char c : list) {
    if (c == ',') {
      parts.emplace_back();
    } else {
      parts.back() += c;
    }
  }
  return parts;
}

std::string list_text(const std::vector<std::string>& words, std::string_view last) {
  std::string text;
  for (std::size_t i = 0; i < words.size(); ++i) {
    if (i > 0) text += i + 1 < words.size() ? std::string(", ") : fmt::format(" {} ", last);
    text += words[i];
  }
  return text;
}

}  // namespace ub
