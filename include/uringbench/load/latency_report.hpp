#pragma once

#include <cstdint>
#include <optional>

#include "uringbench/stats/histogram.hpp"

namespace ub::load {

/// Latency of the requests that were planned within the measured window, whenever their responses
/// came: leaving out those that were still under way at its end would leave out the slowest.
/// Histograms are merged over all threads; nothing is averaged.
struct LatencyReport {
  /// From when the request should have been sent to its response. In a closed loop nothing says
  /// when it should have been: this is service time then, and a server that stalls delays, and so
  /// hides, the requests that it would have delayed.
  stats::Histogram response;
  /// From when it was sent, that is, just before its first byte was given to the kernel.
  stats::Histogram service;
  /// Open loop: from when it should have been sent to when it was, of requests that nothing but the
  /// load generator itself delayed. This is the generator's own error, part of `response`. Requests
  /// held back by the server (see LoadCounts::held) are not in it.
  stats::Histogram lateness;

  std::uint64_t planned = 0;   ///< requests; response.count() of them were answered
  std::uint64_t answered = 0;  ///< responses that arrived within the window
  double window_s = 0;
  /// Open loop: requests a second that the window's plan asked for.
  std::optional<double> offered_per_s;
  double achieved_per_s = 0;  ///< answered / window_s
  /// Open loop: the server did not keep up, see falls_short(). Latencies then say how long the
  /// window was, not how fast the server is.
  bool overloaded = false;

  /// Their latencies are missing above; each is at least as long as the run went on after it.
  [[nodiscard]] std::uint64_t unanswered() const { return planned - response.count(); }
};

/// Fewer than 99 % of what was offered, and by more than the two that a window's edges can cut off.
bool falls_short(std::uint64_t offered, std::uint64_t answered);

}  // namespace ub::load
