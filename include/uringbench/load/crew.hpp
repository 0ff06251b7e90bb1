#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>

#include "uringbench/model/case.hpp"
#include "uringbench/model/counts.hpp"
#include "uringbench/model/sample.hpp"
#include "uringbench/net/socket.hpp"
#include "uringbench/stats/histogram.hpp"

namespace ub::load {

/// All that a load generator is told.
struct CrewSetup {
  Case the_case;
  net::Endpoint server = {};  ///< to connect to
  std::uint64_t seed = 1;     ///< of what is drawn: Poisson gaps
  std::string token = {};     ///< to present on every connection (net/token.hpp)
  int server_id = 0;          ///< process of the server, for links whose devices are in its network
};

/// What all threads have counted. With requests, after the end and without a failure, `requests` =
/// `responses`, and in an open loop `planned` = `requests` + `abandoned`.
struct Counts : LoadCounts {
  std::string failure;  ///< empty while all is well; else the first thing that went wrong
};

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
  /// held back by the server (see Counts::held) are not in it.
  stats::Histogram lateness;

  std::uint64_t planned = 0;   ///< requests; response.count() of them were answered
  std::uint64_t answered = 0;  ///< responses that arrived within the window
  double window_s = 0;
  /// Open loop: requests a second that the window's plan asked for.
  std::optional<double> offered_per_s;
  double achieved_per_s = 0;  ///< answered / window_s
  /// Open loop: the server did not keep up (less than 99 % of what was offered was answered).
  /// Latencies then say how long the window was, not how fast the server is.
  bool overloaded = false;

  /// Their latencies are missing above; each is at least as long as the run went on after it.
  [[nodiscard]] std::uint64_t unanswered() const { return planned - response.count(); }
};

/// How a wait for the end of all connections came out: every one has ended, well or badly; the
/// deadline passed; the load generator was aborted.
enum class Ending { all_closed, deadline, aborted };

/// The load generator of one case: the clients' connections, the threads that drive them, and what
/// they count. What the threads do is the generator's of the case's workload (workloads.def), or of
/// its link where nobody connects. It is the same for every mode, so that a difference between two
/// samples is the server's.
///
/// One thread per client CPU, each pinned to its own; at most one per client. A connection that
/// fails is reset and used no further.
///
/// One thread calls all but counts() and abort().
class Crew {
 public:
  /// Connects all clients of the case, one after the other. Throws SetupError.
  explicit Crew(const CrewSetup& setup);
  Crew(const Crew&) = delete;
  Crew& operator=(const Crew&) = delete;
  /// Aborts and joins.
  ~Crew();

  /// Starts the threads; returns when each runs on its CPU. Those that only receive begin. Once.
  /// Throws SetupError.
  void start();

  /// Sending begins: in an open loop a millisecond later, so that every thread is awake by then.
  /// Once, after start().
  void go();

  enum class Mark { begin, end };

  /// Begins and ends the measured window: each once, in this order.
  void mark_window(Mark mark);

  /// Any thread, any time. Each figure is exact up to some moment during the call.
  [[nodiscard]] Counts counts() const;

  /// Nothing new is sent any more; what has begun goes, responses are awaited, and each connection
  /// is half-closed, for the server to close. Returns when all connections have ended, well or
  /// badly (see Counts::failure), or at `deadline_ns` of now_ns(). May be called again.
  Ending finish(std::uint64_t deadline_ns);

  /// Shuts every socket down and ends the threads. Any thread; idempotent; what ends by it is no
  /// failure.
  void abort();

  /// After both marks, and after finish() gave `all_closed` or after abort().
  [[nodiscard]] LatencyReport latency() const;

  /// The same for a sample; nullopt where there are no requests, or was no window.
  [[nodiscard]] std::optional<RequestFigures> requests(Switch histogram) const;

  /// Socket options as read back, and how the threads send, receive and wait.
  [[nodiscard]] Facts effective() const;

 private:
  struct Parts;
  std::unique_ptr<Parts> parts_;
};

}  // namespace ub::load
