#include "sampled_events.hpp"

#include <fmt/format.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <algorithm>
#include <bit>
#include <cerrno>
#include <ctime>
#include <optional>

#include "perf_event.hpp"
#include "procfs.hpp"
#include "record_parser.hpp"
#include "uringbench/base/check.hpp"
#include "uringbench/base/error.hpp"

namespace ub::perf {
namespace {

constexpr std::size_t kFewestPages = 16;

std::size_t page_size() {
  return static_cast<std::size_t>(::sysconf(_SC_PAGESIZE));
}

std::optional<MappedMemory> try_map(int fd, std::size_t size_bytes) {
  try {
    return MappedMemory::of_file(fd, size_bytes);
  } catch (const SetupError&) {
    return std::nullopt;  // too much locked memory; the caller asks for less
  }
}

}  // namespace

std::variant<PerfRing, Unavailable> PerfRing::map(int fd, std::size_t size_bytes) {
  const std::size_t page = page_size();
  check(size_bytes % page == 0, "a perf ring is whole pages");
  for (; size_bytes >= kFewestPages * page; size_bytes /= 2) {
    auto memory = try_map(fd, page + size_bytes);  // one page of head and tail before the data
    if (memory) return PerfRing(std::move(*memory));
  }
  return Unavailable{fmt::format(
      "no locked memory left for sampling; raise sysctl kernel.perf_event_mlock_kb or ulimit -l, "
      "or give the program CAP_IPC_LOCK ({} KiB per CPU are needed)",
      (kFewestPages + 1) * page / 1024)};
}

PerfRing::PerfRing(MappedMemory memory)
    : memory_(std::move(memory)), unwrapped_(memory_.size() - page_size()) {}

void PerfRing::drain(Profile& profile, std::optional<pid_t> only) {
  auto* const page = reinterpret_cast<perf_event_mmap_page*>(memory_.data());
  const std::byte* const data = memory_.data() + memory_.size() - unwrapped_.size();
  // perf_event_open(2): the kernel writes data before data_head, so acquire; it overwrites after
  // data_tail has moved, so release.
  const std::uint64_t head = __atomic_load_n(&page->data_head, __ATOMIC_ACQUIRE);
  const std::uint64_t tail = page->data_tail;
  const std::size_t length = head - tail;
  const std::size_t begin = tail % unwrapped_.size();
  const std::size_t before_end = std::min(length, unwrapped_.size() - begin);
  std::copy_n(data + begin, before_end, unwrapped_.begin());
  std::copy_n(data, length - before_end,
              unwrapped_.begin() + static_cast<std::ptrdiff_t>(before_end));
  parse_records(std::span(unwrapped_).first(length), profile, only);
  __atomic_store_n(&page->data_tail, head, __ATOMIC_RELEASE);
}

namespace {

constexpr CounterSpec kCpuClock{"cpu_clock", "ns on a CPU", PERF_TYPE_SOFTWARE,
                                PERF_COUNT_SW_CPU_CLOCK};

const CounterSpec& spec_of(SampledEvent event) {
  return event == SampledEvent::cycles ? *find_counter("cycles") : kCpuClock;
}

perf_event_attr sampling_attributes(const SamplerOptions& options, SampledEvent event,
                                    EventsOn on) {
  perf_event_attr attributes = common_attributes(spec_of(event));
  attributes.disabled = 1;
  attributes.freq = 1;
  attributes.sample_freq = options.frequency_hz;
  attributes.sample_type = kSampleType;
  // Times that compare with now_ns(), so that samples can be cut to the measured window.
  attributes.use_clockid = 1;
  attributes.clockid = CLOCK_MONOTONIC;
  // Linux 6.0: a ring that is full when sampling stops reports its last losses only this way.
  attributes.read_format |= PERF_FORMAT_LOST;
  if (on == EventsOn::threads) {
    attributes.inherit = 1;
    attributes.inherit_thread = 1;
  } else if (options.scope == SampleScope::this_process && event == SampledEvent::cpu_clock) {
    // The idle task would fill the ring with samples that nobody wants. Cycles stand still there.
    attributes.exclude_idle = 1;
  }
  return attributes;
}

/// Retries without PERF_FORMAT_LOST, for kernels before 6.0.
SysResult open_event(perf_event_attr attributes, const CounterTarget& target) {
  const SysResult opened = open_perf_event(attributes, target);
  if (opened.error != EINVAL) return opened;
  attributes.read_format &= ~static_cast<std::uint64_t>(PERF_FORMAT_LOST);
  return open_perf_event(attributes, target);
}

std::variant<CpuList, Unavailable> online_cpus() {
  const auto text = read_text_file("/sys/devices/system/cpu/online");
  if (const auto* failed = std::get_if<Unavailable>(&text)) return *failed;
  std::string_view list = std::get<std::string>(text);
  if (list.ends_with('\n')) list.remove_suffix(1);
  const auto cpus = parse_cpu_list(list);
  if (!cpus) return Unavailable{"/sys/devices/system/cpu/online is not a CPU list"};
  return *cpus;
}

/// A thread that is followed may run anywhere, whatever its maker is pinned to.
std::variant<CpuList, Unavailable> cpus_of(const SamplerOptions& options, EventsOn on) {
  if (options.scope == SampleScope::cpus) {
    check(!options.cpus.empty(), "sampling CPUs needs a CPU");
    return options.cpus;
  }
  if (on == EventsOn::threads || options.cpus.empty()) return online_cpus();
  return options.cpus;
}

std::vector<pid_t> threads_of(EventsOn on) {
  return on == EventsOn::cpus ? std::vector<pid_t>{-1} : threads_of_this_process();
}

/// All CPUs share this much locked memory, so that a machine with hundreds is not asked for
/// hundreds of MiB.
constexpr std::size_t kAllRingsBytes = std::size_t{64} << 20U;

std::size_t ring_size(const SamplerOptions& options, std::size_t cpus) {
  return std::min(std::bit_floor(options.ring_bytes), std::bit_floor(kAllRingsBytes / cpus));
}

using Events = std::vector<UniqueFd>;

std::variant<Events, Unavailable> open_on_threads(const perf_event_attr& attributes,
                                                  const std::vector<pid_t>& threads, int cpu) {
  Events events;
  for (const pid_t tid : threads) {
    const CounterTarget target{.tid = tid, .cpu = cpu};
    const SysResult opened = open_event(attributes, target);
    if (opened.error == ESRCH) continue;  // the thread has ended since it was listed
    if (!opened.ok()) {
      const CounterSpec spec{.name = "", .meaning = "", .type = attributes.type};
      return Unavailable{explain_open_failure(spec, target, opened.error, read_perf_facts())};
    }
    events.emplace_back(static_cast<int>(opened.value));
  }
  if (events.empty()) return Unavailable{"every thread to sample has ended"};
  return events;
}

/// The first event's ring, with all others writing into it.
std::variant<CpuEvents, Unavailable> share_ring(Events events, std::size_t ring_bytes) {
  const int first = events.front().get();
  auto ring = PerfRing::map(first, ring_bytes);
  if (const auto* failed = std::get_if<Unavailable>(&ring)) return *failed;
  for (std::size_t i = 1; i < events.size(); ++i) {
    const SysResult joined = from_errno(::ioctl(events[i].get(), PERF_EVENT_IOC_SET_OUTPUT, first));
    if (!joined.ok()) return Unavailable{"sharing a perf ring: " + describe_errno(joined.error)};
  }
  return CpuEvents{std::move(events), std::get<PerfRing>(std::move(ring))};
}

std::variant<CpuEvents, Unavailable> open_on_cpu(const perf_event_attr& attributes,
                                                 const std::vector<pid_t>& threads, int cpu,
                                                 std::size_t ring_bytes) {
  auto events = open_on_threads(attributes, threads, cpu);
  if (const auto* failed = std::get_if<Unavailable>(&events)) return *failed;
  return share_ring(std::get<Events>(std::move(events)), ring_bytes);
}

std::variant<SampledEvents, Unavailable> open_on(EventsOn on, const SamplerOptions& options,
                                                 SampledEvent event) {
  const auto cpus = cpus_of(options, on);
  if (const auto* failed = std::get_if<Unavailable>(&cpus)) return *failed;
  const CpuList& list = std::get<CpuList>(cpus);
  const perf_event_attr attributes = sampling_attributes(options, event, on);
  const std::vector<pid_t> threads = threads_of(on);
  SampledEvents all{.on = on, .cpus = {}};
  for (const int cpu : list) {
    auto opened = open_on_cpu(attributes, threads, cpu, ring_size(options, list.size()));
    if (const auto* failed = std::get_if<Unavailable>(&opened)) return *failed;
    all.cpus.push_back(std::get<CpuEvents>(std::move(opened)));
  }
  return all;
}

}  // namespace

std::variant<SampledEvents, Unavailable> open_sampled_events(const SamplerOptions& options,
                                                             SampledEvent event) {
  if (options.scope == SampleScope::cpus) return open_on(EventsOn::cpus, options, event);
  if (options.events_on) return open_on(*options.events_on, options, event);
  auto opened = open_on(EventsOn::cpus, options, event);
  if (std::holds_alternative<SampledEvents>(opened)) return opened;
  return open_on(EventsOn::threads, options, event);
}

}  // namespace ub::perf
