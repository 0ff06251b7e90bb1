#include "role_profiler.hpp"

#include <algorithm>

#include "uringbench/base/clock.hpp"
#include "uringbench/perf/named_chain.hpp"

namespace ub::role {
namespace {

/// What a control message carries without trouble (net::Channel::kMaxMessageBytes is 4 MiB).
constexpr std::size_t kMostFoldedBytes = std::size_t{1} << 20U;

/// Keeps the sampler's cost under 2 % where 997 timer interrupts a second would take more.
constexpr std::uint32_t kMostTimerHz = 499;

/// Room for the window and a second around it. Threads that no CPU list binds (io_uring's helpers)
/// may run beside the others.
std::size_t room_for(const protocol::Metering& metering, std::size_t cpus,
                     std::uint64_t duration_ns) {
  const double seconds = static_cast<double>(duration_ns) / kNsPerSecond + 1;
  const double due = seconds * metering.frequency_hz * static_cast<double>(cpus + 1);
  return static_cast<std::size_t>(std::clamp(due, 4096.0, 1e6));
}

OrUnavailable<perf::Sampler> open_sampler(const protocol::Metering& metering,
                                          const std::string& cpus, std::uint64_t duration_ns) {
  perf::SamplerOptions options;
  const CpuList list = parse_cpu_list(cpus).value_or(allowed_cpus());
  options.cpus = list;
  if (metering.profile == ProfileScope::cpus) options.scope = perf::SampleScope::cpus;
  options.frequency_hz = metering.frequency_hz;
  options.most_timer_hz = kMostTimerHz;
  options.max_samples = room_for(metering, list.size(), duration_ns);
  return perf::Sampler::open(options);
}

RoleProfile head_of(const perf::Profile& profile, ProfileScope scope) {
  RoleProfile head;
  head.scope = scope;
  head.event = profile.event == perf::SampledEvent::cycles ? "cycles" : "cpu-clock";
  head.event_note = profile.event_note;
  head.events_on = profile.events_on == perf::EventsOn::cpus ? "cpus" : "threads";
  head.frequency_hz = profile.frequency_hz;
  head.lost = profile.lost();
  head.throttled = profile.throttled;
  return head;
}

}  // namespace

RoleProfiler::RoleProfiler(const protocol::Metering& metering, const std::string& cpus,
                           std::uint64_t duration_ns)
    : scope_(metering.profile), sampler_(open_sampler(metering, cpus, duration_ns)) {}

void RoleProfiler::start() {
  auto* sampler = std::get_if<perf::Sampler>(&sampler_);
  if (sampler == nullptr) return;
  sampler->start();
  running_ = true;
}

void RoleProfiler::drain() {
  if (running_) std::get<perf::Sampler>(sampler_).drain();
}

void RoleProfiler::stop() {
  if (running_) std::get<perf::Sampler>(sampler_).stop();
  running_ = false;
}

OrUnavailable<protocol::ProfileReport> RoleProfiler::report(const perf::TimeWindow& window) {
  stop();
  if (const auto* none = std::get_if<Unavailable>(&sampler_)) return *none;
  auto namer = perf::ChainNamer::of_this_process();
  if (const auto* none = std::get_if<Unavailable>(&namer)) return *none;
  auto& names = std::get<perf::ChainNamer>(namer);
  const perf::Profile profile = std::get<perf::Sampler>(sampler_).take();
  perf::Classifier classifier;
  return protocol::ProfileReport{
      .profile = head_of(profile, scope_),
      .tally = perf::tally(profile, window, names, classifier),
      .folded =
          protocol::cut_folded(perf::folded_stacks(profile, window, names), kMostFoldedBytes)};
}

}  // namespace ub::role
