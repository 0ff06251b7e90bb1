#include <fmt/format.h>

#include "uringbench/base/affinity.hpp"
#include "uringbench/perf/counter_list.hpp"
#include "uringbench/perf/sampler.hpp"

namespace ub::perf {
namespace {

std::string how_sampled(const Profile& profile) {
  const std::string_view on = profile.events_on == EventsOn::cpus
                                  ? "an event a CPU"
                                  : "an event a thread and CPU, which context switches pay for";
  if (profile.event == SampledEvent::cycles) return fmt::format("cycles, {}", on);
  return fmt::format("cpu-clock, {}; not cycles: {}", on, profile.event_note);
}

CounterStatus try_sampler(std::string name, SampleScope scope) {
  auto opened = Sampler::open(
      {.scope = scope, .cpus = allowed_cpus(), .max_samples = 1, .ring_bytes = 1U << 16U});
  if (auto* none = std::get_if<Unavailable>(&opened))
    return {std::move(name), "", std::move(*none)};
  return {std::move(name), how_sampled(std::get<Sampler>(opened).take()), std::nullopt};
}

}  // namespace

std::vector<CounterStatus> list_samplers() {
  std::vector<CounterStatus> list;
  list.push_back(try_sampler("role", SampleScope::this_process));
  list.push_back(try_sampler("cpus", SampleScope::cpus));
  return list;
}

}  // namespace ub::perf
