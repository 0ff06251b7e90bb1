#pragma once

#include <variant>
#include <vector>

#include "perf_ring.hpp"
#include "uringbench/base/unique_fd.hpp"
#include "uringbench/perf/sampler.hpp"

namespace ub::perf {

/// One CPU's ring and the events that write into it: one, or one a thread. The kernel refuses to
/// map a ring for an event that follows new threads and is bound to no CPU (perf_mmap() in
/// kernel/events/core.c), hence an event a thread and CPU.
struct CpuEvents {
  std::vector<UniqueFd> events;
  PerfRing ring;
};

struct SampledEvents {
  EventsOn on = EventsOn::threads;
  std::vector<CpuEvents> cpus;
};

/// Opens `event` for the options' scope; the events are off. Unavailable as in Sampler::open().
std::variant<SampledEvents, Unavailable> open_sampled_events(const SamplerOptions& options,
                                                             SampledEvent event);

}  // namespace ub::perf
