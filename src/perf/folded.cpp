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

std::string fold(const NamedChain& chain) {
  std::string line;
  for (auto name = chain.user.rbegin(); name != chain.user.rend(); ++name) {
    append_frame(line, *name, "");
  }
  for (auto name = chain.kernel.rbegin(); name != chain.kernel.rend(); ++name) {
    append_frame(line, *name, "_[k]");
  }
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
