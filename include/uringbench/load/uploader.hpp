#pragma once

#include <cstdint>
#include <memory>
#include <string>

#include "uringbench/load/ending.hpp"
#include "uringbench/model/case.hpp"
#include "uringbench/model/sample.hpp"
#include "uringbench/net/socket.hpp"

namespace ub::load {

/// The load generator for workload `upload`: the same for every mode and receive path, so that a
/// difference between two samples is the server's. On each connection it sends the messages of the
/// case's message set, in order, over and over, 256 KiB or one message a call, whichever is more.
///
/// One thread a client CPU, each pinned to its own; at most one a client. A thread with one
/// connection blocks in send(2); a thread with several waits in epoll_wait(2), level-triggered, and
/// makes one send(2) to each ready connection, so that none starves.
///
/// One thread calls all but counts() and abort().
class Uploader {
 public:
  /// Connects all clients of the case, one after the other. Throws SetupError.
  Uploader(const Case& the_case, const net::Endpoint& server);
  Uploader(const Uploader&) = delete;
  Uploader& operator=(const Uploader&) = delete;
  /// Aborts and joins.
  ~Uploader();

  /// Starts the threads; returns when each runs on its CPU. Once. Throws SetupError.
  void start();

  /// Sending begins. Once, after start().
  void go();

  /// Any thread, any time. Each figure is exact up to some moment during the call.
  [[nodiscard]] GeneratorCounts counts() const;

  /// Each connection is half-closed, for the server to close. Returns when all have ended, well or
  /// badly (see counts().failure), or at `deadline_ns` of now_ns(). After abort(): `interrupted`.
  Ending finish(std::uint64_t deadline_ns);

  /// Shuts every socket down and ends the threads. Idempotent; what ends by it is no failure.
  void abort();

  /// Socket options as read back, and how the threads send.
  [[nodiscard]] Facts effective() const;

 private:
  struct Parts;
  std::unique_ptr<Parts> parts_;
};

}  // namespace ub::load
