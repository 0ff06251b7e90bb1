#include "uringbench/perf/cpu_accounting.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <array>

#include "scan.hpp"
#include "text_file.hpp"
#include "uringbench/base/check.hpp"

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

}  // namespace ub::perf
