#include "uringbench/perf/folded.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>
#include <map>

namespace ub::perf {
namespace {

/// Semicolons separate frames, so a name may not have one.
void append_frame(std::string& line, std::string_view name, std::string_view mark) {
  if (!line.empty()) line += ';';
  std::replace_copy(name.begin(), name.end(), std::back_inserter(line), ';', ':');
  line += mark;
}

/// One part of a chain, which is stored leaf first.
void append_part(std::string& line, const std::vector<std::string_view>& part,
                 std::string_view mark) {
  std::for_each(part.rbegin(), part.rend(),
                [&](std::string_view name) { append_frame(line, name, mark); });
}

std::string fold(const NamedChain& chain) {
  std::string line;
  append_part(line, chain.user, "");
  append_part(line, chain.kernel, "_[k]");
  return line.empty() ? "[no chain]" : line;
}

}  // namespace

std::string folded_stacks(const Profile& profile, const TimeWindow& window, ChainNamer& namer) {
  std::map<std::string, std::uint64_t> stacks;
  for (const StackSample& sample : profile.samples) {
    if (window.contains(sample)) ++stacks[fold(namer.name(profile, sample))];
  }
  std::string text;
  for (const auto& [stack, samples] : stacks) {
    fmt::format_to(std::back_inserter(text), "{} {}\n", stack, samples);
  }
  return text;
}

}  // namespace ub::perf
