// The answer that a table opens with.
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <set>

#include "renders.hpp"
#include "uringbench/base/units.hpp"
#include "writing.hpp"

namespace ub::report {
namespace {

using analysis::Leaders;

constexpr Indent kList{.first = 0, .rest = 2};

std::string place_text(const Leaders& each) {
  const std::uint32_t batch = each.example.batch;
  return batch == 1 ? each.title : fmt::format("{}, {} messages per call", each.title, batch);
}

/// "1.30 [1.08, 1.58] times pthread-two-copy"; of latencies: "… times lower than pthread-two-copy"
std::string lead_text(const Leaders& each) {
  const bool by_latency = each.by == analysis::Objective::latency_p99;
  return fmt::format("{} {} times {}{}", ratio_number(each.over_next->value),
                     interval_text(*each.over_next), by_latency ? "lower than " : "", each.next);
}

std::string leader_text(const Leaders& each) {
  return fmt::format("{}, {}", each.names.front(), lead_text(each));
}

std::string tie_text(const Leaders& each) {
  constexpr std::size_t kMostNamed = 4;
  std::vector<std::string> names(
      each.names.begin(),
      each.names.begin() + static_cast<std::ptrdiff_t>(std::min(each.names.size(), kMostNamed)));
  std::string others;
  if (each.names.size() > kMostNamed) {
    const std::size_t more = each.names.size() - kMostNamed;
    others = fmt::format(" or {} other{}", more, more == 1 ? "" : "s");
  }
  std::string text = fmt::format("not decided between {}{}", fmt::join(names, ", "), others);
  if (each.over_next) text += fmt::format("; {} is {}", each.names.front(), lead_text(each));
  return text;
}

/// Repetitions after which the tie that is nearest to a decision may be decided.
std::optional<std::uint64_t> repetitions_for(const Leaders& each, std::uint32_t reps) {
  constexpr std::uint64_t kMostUseful = 40;  // more take longer than a machine stays the same
  if (!each.more_blocks || reps + *each.more_blocks > kMostUseful) return std::nullopt;
  return reps + *each.more_blocks;
}

}  // namespace

std::string next_text(const std::vector<Leaders>& all, std::uint32_t reps) {
  constexpr std::size_t kMostNamed = 4;  // of modes: a command that is wrapped cannot be copied
  std::vector<std::string> modes;
  std::set<std::uint64_t> sizes;
  std::uint64_t enough = 0;
  for (const Leaders& each : all) {
    const auto needed = each.decided() ? std::nullopt : repetitions_for(each, reps);
    if (!needed) continue;
    enough = std::max(enough, *needed);
    sizes.insert(each.example.size_bytes);
    for (const std::string& mode : each.modes) {
      if (std::find(modes.begin(), modes.end(), mode) == modes.end()) modes.push_back(mode);
    }
  }
  if (modes.empty()) return "";
  if (modes.size() > kMostNamed) {
    return fmt::format("To decide more: the same with --reps {}", enough);
  }
  std::vector<std::string> texts;
  texts.reserve(sizes.size());
  for (const std::uint64_t size : sizes) texts.push_back(format_size(size));
  return fmt::format(
      "To decide more, with the other options as here: uringbench --mode {} --size {} --reps {}",
      fmt::join(modes, ","), fmt::join(texts, ","), enough);
}

Page leaders_text(const std::vector<Leaders>& all, std::uint32_t reps) {
  if (all.empty()) return {};
  const auto decided =
      std::count_if(all.begin(), all.end(), [](const Leaders& each) { return each.decided(); });
  constexpr std::size_t kMostPlaces = 12;
  const std::string_view head = all.front().by == analysis::Objective::latency_p99
                                    ? "The lowest p99 of the response time at the offered rate"
                                    : "The fastest way, by messages per second";
  Page out = paragraph(fmt::format("{} (decided in {} of {}):", head, decided, all.size()));
  for (std::size_t i = 0; i < std::min(all.size(), kMostPlaces); ++i) {
    const std::string text = all[i].decided() ? leader_text(all[i]) : tie_text(all[i]);
    out += paragraph(fmt::format("{}: {}", place_text(all[i]), text), {.first = 2, .rest = 4});
  }
  if (all.size() > kMostPlaces) {
    out += fmt::format("  and {} more (--format json)\n", all.size() - kMostPlaces);
  }
  if (const std::string next = next_text(all, reps); !next.empty()) out += paragraph(next, kList);
  return out;
}

}  // namespace ub::report
