#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <variant>

#include "uringbench/base/unavailable.hpp"
#include "uringbench/model/reading.hpp"

namespace ub {

/// A value that not every machine gives, or why there is none.
template <typename Value>
using OrUnavailable = std::variant<Value, Unavailable>;

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

/// What the scheduler kept of one thread, or the sum over several, since they started
/// (/proc/<pid>/schedstat, Documentation/scheduler/sched-stats.rst).
struct RunQueueTimes {
  std::uint64_t on_cpu_ns = 0;
  std::uint64_t waiting_ns = 0;  ///< ready to run, and something else ran: competition for the CPU
  std::uint64_t slices = 0;      ///< times it was put on a CPU

  friend bool operator==(const RunQueueTimes&, const RunQueueTimes&) = default;
};

/// The time stamp counter and CLOCK_MONOTONIC read at one moment.
struct TscPoint {
  std::uint64_t tsc = 0;
  std::uint64_t time_ns = 0;
  std::uint64_t uncertainty_ns = 0;  ///< the two may be this far apart

  friend bool operator==(const TscPoint&, const TscPoint&) = default;
};

/// An ESTIMATE, for machines without a PMU: CPU time times the constant rate of the TSC. Core
/// cycles only while the core runs at that rate; never shown as "cycles".
struct TscCyclesEstimate {
  double value = 0;
  double ticks_per_second = 0;
  double relative_error = 0;  ///< of the rate alone; turbo and power saving are not in it

  friend bool operator==(const TscCyclesEstimate&, const TscCyclesEstimate&) = default;
};

/// All that ran on the CPUs which a role is pinned to, whoever pays for it. Where both roles share
/// a CPU, each of them lists it.
struct CpuUsage {
  std::string cpus;  ///< CPU list, "1"
  OrUnavailable<CpuTimes> times;
  Readings counters = {};  ///< system-wide on those CPUs

  friend bool operator==(const CpuUsage&, const CpuUsage&) = default;
};

}  // namespace ub
