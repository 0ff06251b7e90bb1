#pragma once

#include <cstdint>
#include <memory>

#include "uringbench/load/ending.hpp"
#include "uringbench/load/latency_report.hpp"
#include "uringbench/load/request_plan.hpp"
#include "uringbench/model/case.hpp"
#include "uringbench/model/sample.hpp"
#include "uringbench/net/socket.hpp"

namespace ub::load {

/// The load generator for workload `rr`: the same for every mode, so that a difference between two
/// samples is the server's.
///
/// One thread a client CPU, each pinned to its own; at most one a client. A closed loop keeps
/// `depth` requests in flight on each connection. An open loop sends at times that are fixed in
/// advance, to the connections of a thread in turn; a request that cannot be sent then stays due,
/// in order, and its latency counts from the time it was due.
///
/// `block` waits in epoll_pwait2(2), and spins for the last 100 us before a request falls due;
/// `spin` never sleeps. Either way an error of the generator's own is measured
/// (LatencyReport::lateness).
///
/// With `verify` every byte of every response is checked. A connection that fails is reset; the
/// requests that would fall to it are counted as abandoned.
///
/// One thread calls all but counts() and abort().
class Requester {
 public:
  /// Connects all clients of the case, one after the other. `plan` is within its bounds, and its
  /// response size is the case's. Throws SetupError.
  Requester(const Case& the_case, const RequestPlan& plan, const net::Endpoint& server);
  Requester(const Requester&) = delete;
  Requester& operator=(const Requester&) = delete;
  /// Aborts and joins.
  ~Requester();

  /// Starts the threads; returns when each runs on its CPU. Once. Throws SetupError.
  void start();

  /// Requests begin: in an open loop a millisecond later, so that every thread is awake by then.
  /// Once, after start().
  void go();

  /// Any thread, any time. Each figure is exact up to some moment during the call.
  [[nodiscard]] GeneratorCounts counts() const;

  enum class Mark { begin, end };

  /// Begins and ends the measured window: each once, in this order.
  void mark_window(Mark mark);

  /// Nothing falls due any more; requests under way are finished, responses awaited, and each
  /// connection is half-closed when it has its last, for the server to close. Returns when all
  /// connections have ended, well or badly (see counts().failure), at `deadline_ns` of now_ns(), or
  /// when `interrupt_fd` is readable. May be called again. After abort(): `interrupted`.
  Ending finish(std::uint64_t deadline_ns, int interrupt_fd = -1);

  /// Shuts every socket down and ends the threads. Any thread; idempotent; what ends by it is no
  /// failure.
  void abort();

  /// After both marks, and after finish() gave `all_closed` or after abort().
  [[nodiscard]] LatencyReport latency() const;

  /// Socket options as read back, and how the threads send and wait.
  [[nodiscard]] Facts effective() const;

 private:
  struct Parts;
  std::unique_ptr<Parts> parts_;
};

}  // namespace ub::load
