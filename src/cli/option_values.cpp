#include "option_values.hpp"

#include <fmt/format.h>

#include <charconv>

#include "uringbench/base/error.hpp"
#include "uringbench/base/units.hpp"

namespace ub::cli {

void refuse(std::string_view option, std::string_view value, std::string_view accepted) {
  throw UsageError(fmt::format("{}: '{}' is not {}", option, value, accepted));
}

std::uint64_t size_of(std::string_view option, const std::string& text) {
  const auto size = parse_size(text);
  if (!size) refuse(option, text, "a size; sizes look like 64, 4K, 1M");
  return *size;
}

std::uint64_t duration_of(std::string_view option, const std::string& text) {
  const auto duration = parse_duration_ns(text);
  if (!duration) refuse(option, text, "a time; times look like 200ms, 2s, 1.5s");
  return *duration;
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

Switch switch_of(std::string_view option, const std::string& text) {
  const auto value = from_text<Switch>(text);
  if (!value) refuse(option, text, "on or off");
  return *value;
}

std::optional<std::string> unless_empty(const std::string& text) {
  return text.empty() ? std::nullopt : std::optional(text);
}

std::vector<std::uint32_t> counts_of(std::string_view option, const std::vector<std::string>& texts,
                                     std::uint32_t largest) {
  std::vector<std::uint32_t> values;
  values.reserve(texts.size());
  for (const std::string& text : texts) values.push_back(count_of(option, text, largest));
  return values;
}

double rate_of(const std::string& text) {
  double value = 0;
  const char* end = text.data() + text.size();
  const auto [stop, error] = std::from_chars(text.data(), end, value);
  if (error != std::errc{} || stop != end || !(value > 0) || value > kMaxRate) {
    refuse("--rate", text, fmt::format("a number of requests a second up to {:.0f}", kMaxRate));
  }
  return value;
}

std::uint32_t microseconds_of(std::string_view option, const std::string& text) {
  constexpr std::uint64_t kLongestNs = 1'000'000'000;
  constexpr std::uint64_t kMicrosecondNs = 1'000;
  const std::uint64_t duration_ns = duration_of(option, text);
  if (duration_ns > kLongestNs || duration_ns % kMicrosecondNs != 0) {
    refuse(option, text, "whole microseconds up to 1s");
  }
  return static_cast<std::uint32_t>(duration_ns / kMicrosecondNs);
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

NotifyFactors notify_of(const std::string& text) {
  constexpr std::string_view kAccepted =
      "one of each, lazy, ring and ring:N (N operations, 1 to 4096)";
  constexpr std::string_view kRing = "ring:";
  if (!text.starts_with(kRing)) return {.when = name_of<Notify>("--notify", text, kAccepted)};
  const std::uint32_t buffers = count_of("--notify", text.substr(kRing.size()), kMaxNotifyBuffers);
  if (buffers == 0) refuse("--notify", text, kAccepted);
  return {.when = Notify::ring, .buffers = buffers};
}

}  // namespace ub::cli
