#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <variant>

#include "uringbench/base/affinity.hpp"
#include "uringbench/base/unavailable.hpp"
#include "uringbench/perf/profile.hpp"

namespace ub::perf {

/// `this_process`: its threads, those that start later included. `cpus`: all that runs on some
/// CPUs, the idle task included; needs kernel.perf_event_paranoid <= 0 or CAP_PERFMON.
enum class SampleScope { this_process, cpus };

struct SamplerOptions {
  SampleScope scope = SampleScope::this_process;
  /// SampleScope::cpus: those to sample. SampleScope::this_process: those that its threads keep to,
  /// so that each CPU is sampled for one role only; empty: all.
  CpuList cpus = {};
  /// Samples a second and CPU. A prime, so that it keeps no step with timers. Held to
  /// kernel.perf_event_max_sample_rate.
  std::uint32_t frequency_hz = 997;
  /// At most so many where the CPU clock is sampled: each of those is a timer interrupt of its own,
  /// 14 to 28 us in a virtual machine (docs/why.md).
  std::optional<std::uint32_t> most_timer_hz = std::nullopt;
  /// What is sampled of SampleScope::this_process; none: CPUs where that is permitted, else
  /// threads.
  std::optional<EventsOn> events_on = std::nullopt;
  std::size_t max_samples = 65'536;  ///< room for these; the rest is counted as lost
  std::size_t ring_bytes =
      1U << 20U;  ///< a CPU, a power of two: about 4 s of 1 kHz between two drains
};

/// Samples call chains, kernel and user. Nothing is allocated between start() and stop(). Not
/// thread-safe: one thread calls it. Move-only.
class Sampler {
 public:
  /// Everything ready, nothing sampled yet. Cycles where there is a PMU, else the CPU clock; for
  /// `this_process` an event a CPU where that is permitted, else an event a thread alive now, which
  /// follows those that it starts (EventsOn). The profile says which. Unavailable names the errno,
  /// the cause and the mend.
  static std::variant<Sampler, Unavailable> open(const SamplerOptions& options);

  void start();
  /// Takes what the kernel has written so far, for windows longer than a ring lasts.
  void drain();
  void stop();

  /// What was seen, after stop(); the sampler has no room left then: open another.
  [[nodiscard]] Profile take();

  Sampler(Sampler&& other) noexcept;
  Sampler& operator=(Sampler&& other) noexcept;
  Sampler(const Sampler&) = delete;
  Sampler& operator=(const Sampler&) = delete;
  ~Sampler();

 private:
  struct State;
  explicit Sampler(std::unique_ptr<State> state);

  std::unique_ptr<State> state_;
};

}  // namespace ub::perf
