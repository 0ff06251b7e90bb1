#include "uringbench/perf/counter_list.hpp"

#include <array>
#include <utility>

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

}  // namespace ub::perf
