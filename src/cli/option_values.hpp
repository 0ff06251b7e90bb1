#pragma once

#include <cstdint>
#include <string>
#include <string_view>

/// What the text of an option means. Each throws UsageError, which names the option, the text and
/// what would be accepted, for one that means nothing.
namespace ub::cli {

[[noreturn]] void refuse(std::string_view option, std::string_view value,
                         std::string_view accepted);
/// A whole number up to `largest`.
std::uint64_t number_of(std::string_view option, const std::string& text, std::uint64_t largest);
std::uint32_t count_of(std::string_view option, const std::string& text, std::uint32_t largest);
/// "3%" as 0.03.
double percent_of(std::string_view option, const std::string& text);

}  // namespace ub::cli
