#pragma once

#include <sys/types.h>

#include <cstddef>
#include <optional>
#include <variant>
#include <vector>

#include "uringbench/base/mapped_memory.hpp"
#include "uringbench/base/unavailable.hpp"
#include "uringbench/base/unique_fd.hpp"
#include "uringbench/perf/profile.hpp"
#include "uringbench/perf/sampler.hpp"

namespace ub::perf {

/// The memory into which the kernel writes the samples of one CPU. One thread reads it.
class PerfRing {
 public:
  /// Maps the ring of the event `fd` with `size_bytes` of data, a power of two of pages; halves
  /// that, down to 16 pages, while the kernel does not permit so much locked memory.
  static std::variant<PerfRing, Unavailable> map(int fd, std::size_t size_bytes);

  /// Moves every record written so far into `profile`, samples of one process only if one is named.
  /// No allocation.
  void drain(Profile& profile, std::optional<pid_t> only);

 private:
  explicit PerfRing(MappedMemory memory);

  MappedMemory memory_;
  std::vector<std::byte>
      unwrapped_;  ///< records in one piece: in the ring they wrap around its end
};

/// One CPU's ring and the events that write into it: one, or one a thread. The kernel refuses to
/// map a ring for an event that follows new threads and is bound to no CPU (perf_mmap() in
/// kernel/events/core.c), hence one event per thread and CPU.
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
