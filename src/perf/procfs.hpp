#pragma once

#include <sys/types.h>

#include <algorithm>
#include <charconv>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "uringbench/base/unavailable.hpp"

namespace ub::perf {

/// Takes the text up to `separator` off the front of `rest`, and the separator with it.
inline std::string_view take_until(std::string_view& rest, char separator) {
  const std::size_t end = rest.find(separator);
  const std::string_view taken = rest.substr(0, end);
  rest.remove_prefix(end == std::string_view::npos ? rest.size() : end + 1);
  return taken;
}

/// Takes the next word, with the spaces and tabs around it, off the front of `rest`; empty at its
/// end.
inline std::string_view take_word(std::string_view& rest) {
  const std::size_t begin = std::min(rest.find_first_not_of(" \t"), rest.size());
  rest.remove_prefix(begin);
  const std::size_t end = std::min(rest.find_first_of(" \t"), rest.size());
  const std::string_view word = rest.substr(0, end);
  rest.remove_prefix(end);
  return word;
}

/// The whole word as a number; none when anything is left over.
template <typename Number>
std::optional<Number> to_number(std::string_view word, int base = 10) {
  Number number{};
  const char* const end = word.data() + word.size();
  const auto [stopped, error] = std::from_chars(word.data(), end, number, base);
  if (error != std::errc() || stopped != end) return std::nullopt;
  return number;
}

/// A whole file of /proc or /sys, whose sizes are not known beforehand; Unavailable names the
/// errno.
std::variant<std::string, Unavailable> read_text_file(const std::string& path);

/// The threads of this process now (/proc/self/task), io_uring's helpers included. Throws
/// SetupError when /proc is not there.
std::vector<pid_t> threads_of_this_process();

}  // namespace ub::perf
