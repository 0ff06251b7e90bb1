#include "option_values.hpp"

#include <fmt/format.h>

#include <charconv>

#include "uringbench/base/error.hpp"

namespace ub::cli {

void refuse(std::string_view option, std::string_view value, std::string_view accepted) {
  throw UsageError(fmt::format("{}: '{}' is not {}", option, value, accepted));
}

std::uint64_t number_of(std::string_view option, const std::string& text, std::uint64_t largest) {
  std::uint64_t value = 0;
  const char* end = text.data() + text.size();
  const auto [stop, error] = std::from_chars(text.data(), end, value);
  if (error != std::errc{} || stop != end || value > largest) {
    refuse(option, text, fmt::format("a whole number up to {}", largest));
  }
  return value;
}

std::uint32_t count_of(std::string_view option, const std::string& text, std::uint32_t largest) {
  return static_cast<std::uint32_t>(number_of(option, text, largest));
}

double percent_of(std::string_view option, const std::string& text) {
  constexpr double kLeast = 0.1;
  constexpr double kMost = 100;
  const bool marked = text.ends_with('%');
  double value = 0;
  const char* end = text.data() + text.size() - (marked ? 1 : 0);
  const auto [stop, error] = std::from_chars(text.data(), end, value);
  if (!marked || error != std::errc{} || stop != end || !(value >= kLeast && value <= kMost)) {
    refuse(option, text, "a percentage from 0.1% to 100%, such as 3%");
  }
  return value / 100;
}

}  // namespace ub::cli
