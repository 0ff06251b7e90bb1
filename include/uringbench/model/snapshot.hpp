#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "uringbench/model/counts.hpp"
#include "uringbench/model/ledger.hpp"
#include "uringbench/model/reading.hpp"
#include "uringbench/model/usage.hpp"

namespace ub {

/// The one cause that is no copying: what SEND_ZC reports over TCP where sends share a packet
/// (docs/zero-copy.md).
inline constexpr const char* kJoinedNotifications = "joined notifications, not copying";

/// CPU and counters of one role: all threads of its process. What is optional is absent in files of
/// older programs.
struct RoleUsage {
  std::uint64_t cpu_ns = 0;   ///< user + system, exact (CLOCK_PROCESS_CPUTIME_ID)
  std::uint64_t user_ns = 0;  ///< getrusage(2): split by the kernel's accounting ticks or exact
  std::uint64_t system_ns = 0;
  Readings counters;
  std::optional<CpuUsage> cpus = std::nullopt;  ///< of the CPUs it is pinned to, whoever ran there
  std::optional<OrUnavailable<RunQueueTimes>> run_queue = std::nullopt;
  std::optional<OrUnavailable<TscPoint>> tsc = std::nullopt;  ///< of totals only
  std::optional<OrUnavailable<TscCyclesEstimate>> tsc_cycles_estimate =
      std::nullopt;  ///< of windows only
  /// The longest time of the window in which the role's process neither woke up nor used its CPUs:
  /// it was stopped or frozen. Absent in totals.
  std::optional<std::uint64_t> longest_pause_ns = std::nullopt;
  /// Time in which the control group had used up its CPU quota (base/cgroup.hpp).
  std::optional<std::uint64_t> throttled_ns = std::nullopt;
  std::optional<OrUnavailable<RoleProfile>> profile = std::nullopt;  ///< of profiled samples only

  friend bool operator==(const RoleUsage&, const RoleUsage&) = default;
};

/// Everything one role knows at one moment; two of them make a window. A server has its counts, a
/// client those of `load`; all are counted from the start of the run.
struct Snapshot : ServerCounts {
  std::uint64_t time_ns = 0;  ///< CLOCK_MONOTONIC of that role's host
  RoleUsage usage;
  LoadCounts load;
  std::uint64_t retransmitted_bytes = 0;  ///< server, at its end: by TCP into devices that drop
  std::uint64_t peak_rss_bytes = 0;       ///< getrusage(2) ru_maxrss
  std::string copy_cause =
      {};               ///< server: what was found that makes the kernel copy zero-copy sends
  std::string failure;  ///< empty while all is well; else the first thing that went wrong

  friend bool operator==(const Snapshot&, const Snapshot&) = default;
};

}  // namespace ub
