#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>

#include "uringbench/base/affinity.hpp"
#include "uringbench/base/unavailable.hpp"

namespace ub::perf {

/// Where the time of some CPUs went, summed over them, in ns since boot (proc(5), /proc/stat). All
/// work is in it: softirqs that no process is charged for, and what the hypervisor took. The kernel
/// counts in steps of 1/USER_HZ (10 ms), so a window under a second is coarse.
struct CpuTimes {
  std::uint64_t user_ns = 0;  ///< with nice and guests
  std::uint64_t system_ns = 0;
  std::uint64_t irq_ns = 0;
  std::uint64_t softirq_ns = 0;
  std::uint64_t steal_ns = 0;  ///< this VM was ready to run and the host ran something else
  std::uint64_t idle_ns = 0;   ///< with waiting for disks

  [[nodiscard]] std::uint64_t total_ns() const {
    return user_ns + system_ns + irq_ns + softirq_ns + steal_ns + idle_ns;
  }

  friend bool operator==(const CpuTimes&, const CpuTimes&) = default;
};

/// The change from `before` to `after`, field by field; 0 where the kernel's figure went back, as
/// proc(5) warns that idle time may.
CpuTimes difference(const CpuTimes& before, const CpuTimes& after);

/// Sums the lines of `cpus` in a text of /proc/stat that counts in steps of 1/`ticks_per_second`.
/// Unavailable, with its number, when a CPU has no line (offline) or a line cannot be read.
std::variant<CpuTimes, Unavailable> parse_cpu_times(std::string_view proc_stat, const CpuList& cpus,
                                                    std::uint64_t ticks_per_second);

/// The same of this machine, now.
std::variant<CpuTimes, Unavailable> read_cpu_times(const CpuList& cpus);

/// Above this share of stolen time a sample says more about the neighbours than about the path.
inline constexpr double kNoisyStealShare = 0.01;

/// Stolen time by all time of the window; none when no time passed.
std::optional<double> steal_share(const CpuTimes& window);

/// "noisy host: …" when more than kNoisyStealShare of the window was stolen, for Sample::marks.
std::optional<std::string> noisy_host_mark(const CpuTimes& window);

}  // namespace ub::perf
