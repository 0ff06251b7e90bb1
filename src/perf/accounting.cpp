#include "uringbench/perf/accounting.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <array>

#include "procfs.hpp"
#include "uringbench/base/check.hpp"
#include "uringbench/perf/reference_rates.hpp"

namespace ub::perf {
namespace {

/// proc(5): the first eight columns. guest and guest_nice follow and are already in user and nice.
enum Column { kUser, kNice, kSystem, kIdle, kIoWait, kIrq, kSoftIrq, kSteal, kColumns };

using Ticks = std::array<std::uint64_t, kColumns>;

std::optional<Ticks> parse_columns(std::string_view line) {
  Ticks ticks{};
  for (std::uint64_t& each : ticks) {
    const auto number = to_number<std::uint64_t>(take_word(line));
    if (!number) return std::nullopt;
    each = *number;
  }
  return ticks;
}

/// The columns of "cpuN …".
std::optional<Ticks> find_cpu(std::string_view text, int cpu) {
  const std::string name = fmt::format("cpu{}", cpu);
  while (!text.empty()) {
    std::string_view line = take_until(text, '\n');
    if (take_word(line) == name) return parse_columns(line);
  }
  return std::nullopt;
}

void add(CpuTimes& sum, const Ticks& ticks, std::uint64_t tick_ns) {
  sum.user_ns += (ticks[kUser] + ticks[kNice]) * tick_ns;
  sum.system_ns += ticks[kSystem] * tick_ns;
  sum.irq_ns += ticks[kIrq] * tick_ns;
  sum.softirq_ns += ticks[kSoftIrq] * tick_ns;
  sum.steal_ns += ticks[kSteal] * tick_ns;
  sum.idle_ns += (ticks[kIdle] + ticks[kIoWait]) * tick_ns;
}

std::uint64_t grown(std::uint64_t before, std::uint64_t after) {
  return after > before ? after - before : 0;
}

}  // namespace

CpuTimes difference(const CpuTimes& before, const CpuTimes& after) {
  return {.user_ns = grown(before.user_ns, after.user_ns),
          .system_ns = grown(before.system_ns, after.system_ns),
          .irq_ns = grown(before.irq_ns, after.irq_ns),
          .softirq_ns = grown(before.softirq_ns, after.softirq_ns),
          .steal_ns = grown(before.steal_ns, after.steal_ns),
          .idle_ns = grown(before.idle_ns, after.idle_ns)};
}

std::variant<CpuTimes, Unavailable> parse_cpu_times(std::string_view proc_stat, const CpuList& cpus,
                                                    std::uint64_t ticks_per_second) {
  check(ticks_per_second > 0 && ticks_per_second <= 1'000'000'000, "a tick is at least 1 ns");
  CpuTimes sum;
  for (const int cpu : cpus) {
    const std::optional<Ticks> ticks = find_cpu(proc_stat, cpu);
    if (!ticks) return Unavailable{fmt::format("/proc/stat has no line for CPU {}", cpu)};
    add(sum, *ticks, 1'000'000'000 / ticks_per_second);
  }
  return sum;
}

std::variant<CpuTimes, Unavailable> read_cpu_times(const CpuList& cpus) {
  const auto text = read_text_file("/proc/stat");
  if (const auto* failed = std::get_if<Unavailable>(&text)) return *failed;
  const auto user_hz = static_cast<std::uint64_t>(::sysconf(_SC_CLK_TCK));
  return parse_cpu_times(std::get<std::string>(text), cpus, user_hz);
}

std::optional<double> steal_share(const CpuTimes& window) {
  if (window.total_ns() == 0) return std::nullopt;
  return static_cast<double>(window.steal_ns) / static_cast<double>(window.total_ns());
}

bool is_noisy_host(const CpuTimes& window) {
  constexpr std::uint64_t kStepNs = 10'000'000;  // one step of the kernel's count proves nothing
  return window.steal_ns > kStepNs && steal_share(window).value_or(0) > kNoisyStealShare;
}

std::optional<RunQueueTimes> parse_schedstat(std::string_view text) {
  std::string_view line = take_until(text, '\n');
  const auto on_cpu = to_number<std::uint64_t>(take_word(line));
  const auto waiting = to_number<std::uint64_t>(take_word(line));
  const auto slices = to_number<std::uint64_t>(take_word(line));
  if (!on_cpu || !waiting || !slices || !take_word(line).empty()) return std::nullopt;
  return RunQueueTimes{*on_cpu, *waiting, *slices};
}

std::variant<RunQueueTimes, Unavailable> read_run_queue(pid_t tid) {
  const std::string path = fmt::format("/proc/self/task/{}/schedstat", tid);
  const auto text = read_text_file(path);
  if (const auto* failed = std::get_if<Unavailable>(&text)) return *failed;
  const auto times = parse_schedstat(std::get<std::string>(text));
  if (!times) return Unavailable{fmt::format("{} is not three numbers", path)};
  // A kernel without CONFIG_SCHED_INFO has the file and fills it with zeros; a thread that is alive
  // has run.
  if (times->slices == 0) return Unavailable{"the kernel was built without CONFIG_SCHED_INFO"};
  return *times;
}

std::variant<RunQueueTimes, Unavailable> read_run_queue_of_process(std::size_t most_threads) {
  const std::vector<pid_t> threads = threads_of_this_process();
  if (threads.size() > most_threads) {
    return Unavailable{
        fmt::format("{} threads: the schedstat of each is read for at most {}, since reading more "
                    "would disturb the window",
                    threads.size(), most_threads)};
  }
  RunQueueTimes sum;
  for (const pid_t tid : threads) {
    const auto one = read_run_queue(tid);
    if (const auto* failed = std::get_if<Unavailable>(&one)) return *failed;
    const auto& times = std::get<RunQueueTimes>(one);
    sum.on_cpu_ns += times.on_cpu_ns;
    sum.waiting_ns += times.waiting_ns;
    sum.slices += times.slices;
  }
  return sum;
}

namespace {

CpuUsage difference(const CpuUsage& before, const CpuUsage& after) {
  CpuUsage window{.cpus = after.cpus,
                  .times = after.times,
                  .counters = ub::difference(before.counters, after.counters)};
  const auto* first = std::get_if<CpuTimes>(&before.times);
  const auto* last = std::get_if<CpuTimes>(&after.times);
  if (first == nullptr) {
    window.times = before.times;
  } else if (last != nullptr) {
    window.times = perf::difference(*first, *last);
  }
  return window;
}

OrUnavailable<RunQueueTimes> difference(const OrUnavailable<RunQueueTimes>& before,
                                        const OrUnavailable<RunQueueTimes>& after) {
  const auto* first = std::get_if<RunQueueTimes>(&before);
  const auto* last = std::get_if<RunQueueTimes>(&after);
  if (first == nullptr) return before;
  if (last == nullptr) return after;
  if (last->on_cpu_ns < first->on_cpu_ns || last->waiting_ns < first->waiting_ns ||
      last->slices < first->slices) {
    return Unavailable{"a thread ended in the window and took its times along"};
  }
  return RunQueueTimes{last->on_cpu_ns - first->on_cpu_ns, last->waiting_ns - first->waiting_ns,
                       last->slices - first->slices};
}

OrUnavailable<TscCyclesEstimate> estimate(std::uint64_t cpu_ns,
                                          const OrUnavailable<TscPoint>& before,
                                          const OrUnavailable<TscPoint>& after) {
  constexpr std::uint64_t kShortestNs = 1'000'000;
  const auto* first = std::get_if<TscPoint>(&before);
  const auto* last = std::get_if<TscPoint>(&after);
  if (first == nullptr) return std::get<Unavailable>(before);
  if (last == nullptr) return std::get<Unavailable>(after);
  if (last->time_ns < first->time_ns + kShortestNs) {
    return Unavailable{"the window is too short for a rate of the TSC"};
  }
  if (last->tsc < first->tsc) return Unavailable{"the TSC ran backwards"};
  return estimate_tsc_cycles(cpu_ns, tsc_rate(*first, *last));
}

}  // namespace

RoleUsage usage_between(const RoleUsage& before, const RoleUsage& after) {
  RoleUsage window{after.cpu_ns - before.cpu_ns, after.user_ns - before.user_ns,
                   after.system_ns - before.system_ns,
                   ub::difference(before.counters, after.counters)};
  if (before.cpus && after.cpus) window.cpus = difference(*before.cpus, *after.cpus);
  if (before.run_queue && after.run_queue) {
    window.run_queue = difference(*before.run_queue, *after.run_queue);
  }
  if (before.tsc && after.tsc) {
    window.tsc_cycles_estimate = estimate(window.cpu_ns, *before.tsc, *after.tsc);
  }
  window.longest_pause_ns = after.longest_pause_ns;
  if (before.throttled_ns && after.throttled_ns && *after.throttled_ns >= *before.throttled_ns) {
    window.throttled_ns = *after.throttled_ns - *before.throttled_ns;
  }
  return window;
}

}  // namespace ub::perf
