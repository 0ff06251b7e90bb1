#include "uringbench/perf/counter_board.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <string>
#include <utility>
#include <vector>

#include "uringbench/base/error.hpp"

namespace ub::perf {
namespace {

constexpr std::array<std::pair<std::string_view, std::string_view>, 6> kKernelAccounted{{
    {"context_switches_voluntary", "times the role waited (getrusage)"},
    {"context_switches_involuntary", "times the role was put aside (getrusage)"},
    {"context_switches", "both together"},
    {"page_faults_minor", "page faults without input or output (getrusage)"},
    {"page_faults_major", "page faults that read from a disk (getrusage)"},
    {"page_faults", "both together"},
}};

/// A counter can open and still never get onto the hardware, so it is also read.
std::optional<Unavailable> try_counter(const CounterSpec& spec, CounterSource& source) {
  const CounterTarget own_thread{.tid = 0};
  const auto opened = source.open(spec, own_thread);
  if (const auto* failure = std::get_if<OpenFailure>(&opened)) {
    return Unavailable{source.explain(spec, own_thread, failure->error)};
  }
  const auto read = std::get<std::unique_ptr<OpenCounter>>(opened)->read();
  if (const auto* failed = std::get_if<Unavailable>(&read)) return *failed;
  const Reading reading = scaled(std::get<RawCount>(read));
  if (const auto* never_ran = std::get_if<Unavailable>(&reading)) return *never_ran;
  return std::nullopt;
}

}  // namespace

std::vector<CounterStatus> list_counters(CounterSource& source) {
  std::vector<CounterStatus> list;
  for (const CounterSpec& spec : counter_catalogue()) {
    if (spec.for_roles == ForRoles::no) continue;
    list.push_back({std::string(spec.name), std::string(spec.meaning), try_counter(spec, source)});
  }
  for (const auto& [name, meaning] : kKernelAccounted) {
    list.push_back({std::string(name), std::string(meaning), std::nullopt});
  }
  return list;
}

std::vector<CounterStatus> list_counters() {
  KernelCounterSource kernel;
  return list_counters(kernel);
}

namespace {

/// Software events take no hardware counter, so every set has those that cost a role nothing
/// (ForRoles::no). task_clock and migrations are left to who asks for them: two events of a thread
/// made a ping-pong through pipes 1.3 times as dear (Linux 6.18, VM without a PMU), RoleUsage has
/// the CPU time anyway, and a pinned role does not move.
CounterSelection with_common(std::vector<std::string> names) {
  names.insert(names.end(), {"cycles", "instructions", "context_switches", "page_faults"});
  return {std::move(names)};
}

}  // namespace

std::span<const CounterSet> counter_sets() {
  static const std::array sets{
      CounterSet{"caches", with_common({"l1d_misses", "llc_references", "llc_misses"})},
      CounterSet{"core", with_common({"ref_cycles", "branch_misses"})},
      CounterSet{"memory", with_common({"dtlb_misses", "cache_misses"})},
  };
  return sets;
}

const CounterSet& counter_set_of(std::uint32_t rep) {
  return counter_sets()[rep % counter_sets().size()];
}

bool is_multiplexed(const Readings& readings) {
  return std::any_of(readings.begin(), readings.end(), [](const auto& each) {
    const auto* counted = std::get_if<Counted>(&each.second);
    return counted != nullptr && counted->running < kTrustedRunningShare;
  });
}

namespace {

using OnTargets = std::vector<std::unique_ptr<OpenCounter>>;

std::variant<OnTargets, Unavailable> open_on_all(const CounterSpec& spec,
                                                 std::span<const CounterTarget> targets,
                                                 CounterSource& source) {
  OnTargets counters;
  for (const CounterTarget& target : targets) {
    auto opened = source.open(spec, target);
    if (const auto* failure = std::get_if<OpenFailure>(&opened)) {
      if (failure->error == ESRCH) continue;
      return Unavailable{source.explain(spec, target, failure->error)};
    }
    counters.push_back(std::get<std::unique_ptr<OpenCounter>>(std::move(opened)));
  }
  return counters;
}

Reading read_sum(const OnTargets& counters) {
  RawCount sum;
  for (const auto& counter : counters) {
    const auto read = counter->read();
    if (const auto* failed = std::get_if<Unavailable>(&read)) return *failed;
    const RawCount& one = std::get<RawCount>(read);
    sum.count += one.count;
    sum.enabled_ns += one.enabled_ns;
    sum.running_ns += one.running_ns;
  }
  return scaled(sum);
}

}  // namespace

CounterBoard::CounterBoard(std::span<const std::string> names,
                           std::span<const CounterTarget> targets, CounterSource& source) {
  for (const std::string& name : names) {
    const CounterSpec* spec = find_counter(name);
    if (spec == nullptr) throw UsageError(fmt::format("there is no counter named \"{}\"", name));
    counters_.emplace(name, open_on_all(*spec, targets, source));
  }
}

Readings CounterBoard::read() const {
  Readings readings;
  for (const auto& [name, counter] : counters_) {
    const auto* missing = std::get_if<Unavailable>(&counter);
    readings[name] =
        missing != nullptr ? Reading{*missing} : read_sum(std::get<OnTargets>(counter));
  }
  return readings;
}

}  // namespace ub::perf
