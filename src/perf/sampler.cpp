#include "uringbench/perf/sampler.hpp"

#include <fmt/format.h>
#include <linux/perf_event.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <optional>

#include "procfs.hpp"
#include "sampled_events.hpp"
#include "uringbench/base/affinity.hpp"
#include "uringbench/base/check.hpp"
#include "uringbench/base/error.hpp"
#include "uringbench/perf/counter_board.hpp"

namespace ub::perf {
namespace {

/// Loopback chains are 9 to 23 deep on Linux 6.18, with the user's part below 40.
constexpr std::size_t kFramesPerSample = 40;

/// The kernel refuses a higher frequency than this; it lowers it itself when sampling gets
/// expensive.
std::uint32_t permitted_frequency_hz(std::uint32_t asked_hz) {
  const auto text = read_text_file("/proc/sys/kernel/perf_event_max_sample_rate");
  const auto* found = std::get_if<std::string>(&text);
  if (found == nullptr) return asked_hz;
  std::string_view rest = *found;
  const auto most = to_number<std::uint32_t>(take_until(rest, '\n'));
  return most ? std::min(asked_hz, *most) : asked_hz;
}

/// Samples that the kernel could not write: the count of PERF_FORMAT_LOST, 0 before Linux 6.0.
std::uint64_t lost_by(const UniqueFd& event) {
  std::array<std::uint64_t, 4> words{};  // value, time_enabled, time_running, lost
  const auto got = ::read(event.get(), words.data(), sizeof(words));
  return got == sizeof(words) ? words[3] : 0;
}

struct Chosen {
  SampledEvent event = SampledEvent::cycles;
  std::string note;
  EventsOn on = EventsOn::threads;
};

Profile empty_profile(const SamplerOptions& options, Chosen chosen) {
  Profile profile{.event = chosen.event,
                  .event_note = std::move(chosen.note),
                  .events_on = chosen.on,
                  .frequency_hz = options.frequency_hz,
                  .samples = {},
                  .frames = {}};
  profile.samples.reserve(options.max_samples);
  profile.frames.reserve(options.max_samples * kFramesPerSample);
  return profile;
}

}  // namespace

struct Sampler::State {
  std::vector<CpuEvents> cpus;
  std::optional<pid_t> only;  ///< the process whose samples are kept; none: all
  Profile profile;

  void control(unsigned long request) {
    for (const CpuEvents& cpu : cpus) {
      for (const UniqueFd& event : cpu.events) {
        const SysResult done = from_errno(::ioctl(event.get(), request, 0));
        check(done.ok(), "an open perf event can be switched on and off");
      }
    }
  }

  /// PERF_RECORD_LOST comes only with the next sample that fits; the events' own count has the
  /// rest.
  [[nodiscard]] std::uint64_t lost_by_kernel() const {
    std::uint64_t lost = 0;
    for (const CpuEvents& cpu : cpus) {
      for (const UniqueFd& event : cpu.events) lost += lost_by(event);
    }
    return lost;
  }
};

Sampler::Sampler(std::unique_ptr<State> state) : state_(std::move(state)) {}
Sampler::Sampler(Sampler&& other) noexcept = default;
Sampler& Sampler::operator=(Sampler&& other) noexcept = default;
Sampler::~Sampler() = default;

std::variant<Sampler, Unavailable> Sampler::open(const SamplerOptions& options) {
  SamplerOptions granted = options;
  granted.frequency_hz = permitted_frequency_hz(options.frequency_hz);
  Chosen chosen;
  auto opened = open_sampled_events(granted, chosen.event);
  if (const auto* no_cycles = std::get_if<Unavailable>(&opened)) {
    chosen.note = no_cycles->reason;
    chosen.event = SampledEvent::cpu_clock;
    granted.frequency_hz =
        std::min(granted.frequency_hz, options.most_timer_hz.value_or(granted.frequency_hz));
    opened = open_sampled_events(granted, chosen.event);
  }
  if (const auto* failed = std::get_if<Unavailable>(&opened)) return *failed;
  auto& events = std::get<SampledEvents>(opened);
  chosen.on = events.on;
  std::optional<pid_t> only;
  if (options.scope == SampleScope::this_process) only = ::getpid();
  return Sampler(std::make_unique<State>(
      State{std::move(events.cpus), only, empty_profile(granted, std::move(chosen))}));
}

void Sampler::start() {
  state_->control(PERF_EVENT_IOC_ENABLE);
}

void Sampler::drain() {
  for (CpuEvents& cpu : state_->cpus) cpu.ring.drain(state_->profile, state_->only);
}

void Sampler::stop() {
  state_->control(PERF_EVENT_IOC_DISABLE);
  drain();
}

Profile Sampler::take() {
  auto& lost = state_->profile.lost_in_kernel;
  lost = std::max(lost, state_->lost_by_kernel());
  return std::move(state_->profile);
}

namespace {

std::string how_sampled(const Profile& profile) {
  const std::string_view on = profile.events_on == EventsOn::cpus
                                  ? "one event per CPU"
                                  : "one event per thread and CPU, which context switches pay for";
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
