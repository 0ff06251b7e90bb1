#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace ub {

/// "64", "64K", "1M", "1G" (1024s; a trailing B or iB is accepted) in bytes; nullopt for anything
/// else, also for what does not fit 63 bits.
std::optional<std::uint64_t> parse_size(std::string_view text);

/// "200ms", "2s", "1.5s", "500us", "1m" in nanoseconds; nullopt for anything else. A bare number is
/// refused: seconds and milliseconds are too easily confused.
std::optional<std::uint64_t> parse_duration_ns(std::string_view text);

/// The shortest exact form that parse_size() reads back: "64", "4K", "1M", "1048579".
std::string format_size(std::uint64_t size_bytes);

/// "1.25 s", "20 ms", "350 us", "12 ns": three digits, for people.
std::string format_duration(double duration_ns);

/// "13.4 M", "950 k", "12": three digits and a decimal prefix, for people.
std::string format_count(double count);

/// What stands between the commas of "a,b,c"; of an empty text one empty part.
std::vector<std::string> split_list(std::string_view list);

/// "a, b and c", with `last` for "and".
std::string list_text(const std::vector<std::string>& words, std::string_view last);

}  // namespace ub
