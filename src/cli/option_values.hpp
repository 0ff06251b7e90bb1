#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "uringbench/model/case.hpp"

/// What the text of an option means. Each throws UsageError, which names the option, the text and
/// what would be accepted, for one that means nothing.
namespace ub::cli {

[[noreturn]] void refuse(std::string_view option, std::string_view value,
                         std::string_view accepted);
std::uint64_t size_of(std::string_view option, const std::string& text);
std::uint64_t duration_of(std::string_view option, const std::string& text);
/// A whole number up to `largest`.
std::uint64_t number_of(std::string_view option, const std::string& text, std::uint64_t largest);
std::uint32_t count_of(std::string_view option, const std::string& text, std::uint32_t largest);
Switch switch_of(std::string_view option, const std::string& text);
std::optional<std::string> unless_empty(const std::string& text);
std::vector<std::uint32_t> counts_of(std::string_view option, const std::vector<std::string>& texts,
                                     std::uint32_t largest);
/// Of --rate: requests a second.
double rate_of(const std::string& text);
/// Of a time like "50us".
std::uint32_t microseconds_of(std::string_view option, const std::string& text);
/// Of --notify.
NotifyFactors notify_of(const std::string& text);
/// "3%" as 0.03.
double percent_of(std::string_view option, const std::string& text);

template <typename Enum>
Enum name_of(std::string_view option, const std::string& text, std::string_view accepted) {
  const auto value = from_text<Enum>(text);
  if (!value) refuse(option, text, accepted);
  return *value;
}

template <typename Enum>
std::vector<Enum> names_of(std::string_view option, const std::vector<std::string>& texts,
                           std::string_view accepted) {
  std::vector<Enum> values;
  values.reserve(texts.size());
  for (const std::string& text : texts) values.push_back(name_of<Enum>(option, text, accepted));
  return values;
}

}  // namespace ub::cli
