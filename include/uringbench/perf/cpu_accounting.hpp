#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>

#include "uringbench/base/affinity.hpp"
#include "uringbench/base/unavailable.hpp"
#include "uringbench/model/usage.hpp"

namespace ub::perf {

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

/// Whether more than kNoisyStealShare of the window, and more than one 10 ms step of the kernel's
/// count, was stolen: the mark "noisy-host".
bool is_noisy_host(const CpuTimes& window);

}  // namespace ub::perf
