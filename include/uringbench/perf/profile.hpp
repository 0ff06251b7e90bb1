#pragma once

#include <sys/types.h>

#include <cstdint>
#include <limits>
#include <span>
#include <string>
#include <vector>

namespace ub::perf {

/// What a sample stands for. `cycles`: core cycles of the PMU. `cpu_clock`: ns on a CPU, by a
/// kernel timer, for machines without a PMU; it cannot see inside sections with interrupts off,
/// whose time lands on the function that turns them on again (`_raw_spin_unlock_irqrestore`,
/// `finish_task_switch`).
enum class SampledEvent { cycles, cpu_clock };

/// What the events hang on. `cpus`: one event a CPU, of all that runs there; a role's own samples
/// are picked by their process. `threads`: an event a thread and CPU, for who may not sample whole
/// CPUs. Then every context switch takes the events off and puts them on again, which for the CPU
/// clock means to stop and start a timer: some us each in a virtual machine (docs/why.md).
enum class EventsOn { cpus, threads };

/// One sample. Its chain lies in Profile::frames: the kernel's part first, then the user's, each
/// from the leaf up. A sample of user mode has no kernel frames.
struct StackSample {
  std::uint64_t time_ns = 0;  ///< CLOCK_MONOTONIC, comparable with now_ns()
  std::uint64_t weight = 0;   ///< cycles or ns since the sample before
  pid_t pid = 0;              ///< 0 with tid 0: the idle task
  pid_t tid = 0;
  std::uint32_t cpu = 0;
  std::uint32_t first_frame = 0;
  std::uint32_t kernel_frames = 0;
  std::uint32_t user_frames = 0;
};

/// What a Sampler saw. Addresses, not names: see symbols.hpp.
struct Profile {
  SampledEvent event = SampledEvent::cpu_clock;
  std::string event_note;  ///< why it is not cycles; empty when it is
  EventsOn events_on = EventsOn::threads;
  std::uint32_t frequency_hz = 0;
  std::vector<StackSample> samples;
  std::vector<std::uint64_t> frames;
  std::uint64_t lost_in_kernel = 0;   ///< samples, of anybody's, that found a ring full: drain more
                                      ///< often
  std::uint64_t lost_in_storage = 0;  ///< samples that found this profile full: raise max_samples
  std::uint64_t throttled =
      0;  ///< times the kernel stopped sampling for a while, to protect itself

  [[nodiscard]] std::uint64_t lost() const { return lost_in_kernel + lost_in_storage; }

  [[nodiscard]] std::span<const std::uint64_t> kernel_chain(const StackSample& sample) const {
    return std::span(frames).subspan(sample.first_frame, sample.kernel_frames);
  }
  [[nodiscard]] std::span<const std::uint64_t> user_chain(const StackSample& sample) const {
    return std::span(frames).subspan(sample.first_frame + sample.kernel_frames, sample.user_frames);
  }
};

/// Samples from `start_ns` up to, not including, `end_ns` (CLOCK_MONOTONIC, now_ns()).
struct TimeWindow {
  std::uint64_t start_ns = 0;
  std::uint64_t end_ns = std::numeric_limits<std::uint64_t>::max();

  [[nodiscard]] bool contains(const StackSample& sample) const {
    return sample.time_ns >= start_ns && sample.time_ns < end_ns;
  }
};

}  // namespace ub::perf
