#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>

#include "uringbench/model/ledger.hpp"
#include "uringbench/model/reading.hpp"
#include "uringbench/model/usage.hpp"

namespace ub {

/// What happened to sends, counted from the start of the run. Filled by the engine: the one place
/// that counts.
struct SendCounts {
  std::uint64_t messages = 0;    ///< messages accepted whole by the kernel
  std::uint64_t bytes = 0;       ///< payload bytes accepted by the kernel
  std::uint64_t operations = 0;  ///< send operations begun (one operation carries `batch` messages)
  std::uint64_t short_sends = 0;  ///< sends that accepted something, but not all
  std::uint64_t would_block = 0;  ///< EAGAIN of a non-blocking send
  std::uint64_t buffer_waits =
      0;  ///< times a connection had to wait for the kernel to release a buffer
  std::uint64_t system_calls =
      0;  ///< made by the engine and its path for sending, reaping and waiting
  std::uint64_t cq_overflows = 0;  ///< times the ring's completion queue was found overflown
  std::map<std::string, std::uint64_t> errors;  ///< by errno name: "EPIPE"

  friend bool operator==(const SendCounts&, const SendCounts&) = default;
};

/// The one cause that is no copying: what SEND_ZC reports over TCP where sends share a packet
/// (docs/zero-copy.md).
inline constexpr const char* kJoinedNotifications = "joined notifications, not copying";

/// What the kernel said about zero-copy sends, in its own notifications.
struct ZeroCopyCounts {
  std::uint64_t sends = 0;          ///< zero-copy sends the kernel accepted
  std::uint64_t real = 0;           ///< notified as not copied
  std::uint64_t copied = 0;         ///< notified as copied after all
  std::uint64_t unreported = 0;     ///< released without saying which, or not released when counted
  std::uint64_t notifications = 0;  ///< read by the server, each of one send or several; 0
  ///< where sends were reported: not known (files of older programs)
  std::uint64_t failed = 0;  ///< refused by the kernel, they took nothing; counted for samples
  std::string cause = {};    ///< of samples: why it copied, as far as looking could tell; empty
                             ///< when it hardly did

  friend bool operator==(const ZeroCopyCounts&, const ZeroCopyCounts&) = default;
};

/// What the server received, counted from the start of the run by the engine.
struct ArrivalCounts {
  std::uint64_t bytes = 0;
  std::uint64_t mapped_bytes = 0;  ///< of those, mapped instead of copied (TCP_ZEROCOPY_RECEIVE)
  std::uint64_t receives = 0;      ///< calls or completions that gave bytes
  std::uint64_t would_block = 0;   ///< calls that found nothing
  std::uint64_t exhausted = 0;     ///< completions without a free buffer (ENOBUFS)
  std::uint64_t rearmed = 0;       ///< times a receive request had ended and was armed again

  friend bool operator==(const ArrivalCounts&, const ArrivalCounts&) = default;
};

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
      std::nullopt;                                                  ///< of windows only
  /// The longest time of the window in which the role's process neither woke up nor used its CPUs:
  /// it was stopped or frozen. Absent in totals.
  std::optional<std::uint64_t> longest_pause_ns = std::nullopt;
  /// Time in which the control group had used up its CPU quota (base/cgroup.hpp).
  std::optional<std::uint64_t> throttled_ns = std::nullopt;
  std::optional<OrUnavailable<RoleProfile>> profile = std::nullopt;  ///< of profiled samples only

  friend bool operator==(const RoleUsage&, const RoleUsage&) = default;
};

/// Everything one role knows at one moment; two of them make a window.
struct Snapshot {
  std::uint64_t time_ns = 0;  ///< CLOCK_MONOTONIC of that role's host
  RoleUsage usage;
  SendCounts sends;                   ///< server
  ZeroCopyCounts zero_copy;           ///< server
  ArrivalCounts arrivals;             ///< server
  std::uint64_t held_peak = 0;        ///< server: most buffers of a thread in the kernel's hands
  std::uint64_t held_peak_bytes = 0;  ///< server: the same in bytes of payload
  std::uint64_t received_bytes = 0;   ///< client
  std::uint64_t receive_calls = 0;    ///< client
  std::uint64_t sent_bytes = 0;       ///< client
  std::uint64_t responses = 0;        ///< client
  std::uint64_t retransmitted_bytes = 0;  ///< server, at its end: by TCP into devices that drop
  std::uint64_t peak_rss_bytes = 0;       ///< getrusage(2) ru_maxrss
  std::string copy_cause =
      {};               ///< server: what was found that makes the kernel copy zero-copy sends
  std::string failure;  ///< empty while all is well; else the first thing that went wrong

  friend bool operator==(const Snapshot&, const Snapshot&) = default;
};

}  // namespace ub
