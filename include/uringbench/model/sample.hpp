#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "uringbench/model/case.hpp"
#include "uringbench/model/snapshot.hpp"

namespace ub {

/// `valid`: may be quoted. `invalid`: ran, but its books do not balance. `failed`: did not run to
/// its end. `unavailable`: this kernel, machine or user cannot have it. All but `valid` carry a
/// reason.
enum class Status { valid, invalid, failed, unavailable };

std::string_view to_text(Status status);

/// Facts as text, by name: what was granted, what is in effect. For people and for provenance;
/// nothing is computed from them.
using Facts = std::map<std::string, std::string>;

/// Latency of requests in ns. Null in a sample whose workload has no requests.
struct LatencySummary {
  std::uint64_t count = 0;
  double min = 0, p50 = 0, p90 = 0, p99 = 0, p999 = 0, max = 0, mean = 0;

  friend bool operator==(const LatencySummary&, const LatencySummary&) = default;
};

/// One repetition of one case: one line of samples.jsonl.
struct Sample {
  Status status = Status::failed;
  std::string reason;  ///< empty exactly when valid
  Case the_case;
  std::uint32_t rep = 0;
  std::uint32_t block = 0;
  double window_s = 0;         ///< between the receiver's two snapshots
  std::uint64_t messages = 0;  ///< that arrived in the window (bytes / size)
  std::uint64_t bytes = 0;     ///< that arrived in the window, counted by the receiver
  double goodput_bps = 0;      ///< bits a second, from the receiver
  double message_rate = 0;     ///< messages a second; of the null path: operations of the server
  std::optional<LatencySummary> latency;
  RoleUsage server;
  RoleUsage client;
  std::optional<ZeroCopyCounts> zero_copy;  ///< only for the zero-copy family
  SendCounts sends;
  std::uint64_t server_peak_rss_bytes = 0;
  std::vector<std::string> marks;  ///< "client-bound": true of the sample, and says how to read it
  Facts granted;                   ///< ring set-up and features that the kernel really gave
  Facts effective;                 ///< socket options as read back

  friend bool operator==(const Sample&, const Sample&) = default;
};

}  // namespace ub
