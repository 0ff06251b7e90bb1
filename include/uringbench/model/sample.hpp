#pragma once

#include <algorithm>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "uringbench/model/case.hpp"
#include "uringbench/model/mark.hpp"
#include "uringbench/model/reading.hpp"
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

/// One distribution of times in ns. A percentile with too few values behind it (ten must lie beyond
/// it) is nullopt, and so is everything but `count` when there were none.
struct LatencySummary {
  std::uint64_t count = 0;
  std::optional<double> min, p50, p90, p99, p999, p9999, max, mean;

  friend bool operator==(const LatencySummary&, const LatencySummary&) = default;
};

/// How long sends took on the server, by a sample of its operations over the whole run.
struct SendTiming {
  LatencySummary accepted;  ///< from submission until the kernel had taken everything
  std::optional<LatencySummary> released;  ///< zero-copy: until the last buffer had come back
  HeldCounts held;

  friend bool operator==(const SendTiming&, const SendTiming&) = default;
};

/// One row of a histogram: `count` values of at least `lower_ns` and less than `upper_ns`.
struct HistogramBin {
  std::uint64_t lower_ns = 0;
  std::uint64_t upper_ns = 0;
  std::uint64_t count = 0;

  friend bool operator==(const HistogramBin&, const HistogramBin&) = default;
};

/// What became of the requests that were planned within the window. Made by the load generator.
struct RequestFigures {
  /// A request that the load generator sent later than this by its own fault counts as late.
  static constexpr std::uint64_t kLateNs = 20'000;

  std::uint64_t planned = 0;               ///< requests; in a closed loop: sent
  std::uint64_t unanswered = 0;            ///< of those, without a response at the end of the run
  double achieved_per_s = 0;               ///< responses within the window
  bool overloaded = false;                 ///< open loop: less than 99 % of what was offered
  std::optional<double> offered_per_s;     ///< open loop: what the plan asked for
  LatencySummary response;                 ///< from when it should have been sent
  LatencySummary service;                  ///< from when it was sent
  std::optional<LatencySummary> lateness;  ///< open loop: the load generator's own delay
  std::vector<HistogramBin> histogram;     ///< of `response`; empty unless asked for

  friend bool operator==(const RequestFigures&, const RequestFigures&) = default;
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
  std::optional<LatencySummary> latency;   ///< null where there are no requests
  std::optional<RequestFigures> requests;  ///< the same, in full
  std::optional<ArrivalCounts> arrivals;   ///< of the server, where it receives
  std::optional<SendTiming> send_timing;   ///< of the whole run, where it sends
  RoleUsage server;
  RoleUsage client;
  std::optional<ZeroCopyCounts> zero_copy;  ///< only for the zero-copy family
  SendCounts sends;
  std::uint64_t server_peak_rss_bytes = 0;
  std::vector<std::string> marks;  ///< names of Marks, and what a later version knows
  /// Why earlier takes of it were put aside (MarkUse::take_again), the first one first.
  std::vector<std::string> put_aside;
  /// Round trip of a cache line between the CPUs of the two roles just before the sample, or why it
  /// is unavailable. Absent in old files.
  std::optional<Reading> core_round_trip_ns;
  Facts granted;    ///< ring set-up and features that the kernel really gave
  Facts effective;  ///< socket options as read back

  void add(Mark mark) { marks.emplace_back(facts_of(mark).name); }
  [[nodiscard]] bool has(const MarkFacts& mark) const {
    return std::find(marks.begin(), marks.end(), mark.name) != marks.end();
  }

  friend bool operator==(const Sample&, const Sample&) = default;
};

}  // namespace ub
