#pragma once

#include <cstdint>
#include <memory>
#include <string>

#include "uringbench/load/ending.hpp"
#include "uringbench/model/case.hpp"
#include "uringbench/model/sample.hpp"
#include "uringbench/net/socket.hpp"

namespace ub::load {

/// The receiving half of the load generator for workload `stream`: the same for every mode, so that
/// a difference between two samples is the server's.
///
/// One thread a client CPU, each pinned to its own; at most one a client. A thread with one
/// connection blocks in recv(2), which costs least (67-72 ns a KiB at 64 KiB against 80 with
/// epoll); a thread with several waits in epoll_wait(2), level-triggered, and takes one recv(2)
/// from each ready connection, so that none starves. Both receive into 256 KiB.
///
/// With `verify` each stream must be the messages of the case's message set, in order, over and
/// over, and must end between two messages. A connection that fails is reset and read no further.
class Receiver {
 public:
  /// Connects all clients of the case, one after the other. Throws SetupError.
  Receiver(const Case& the_case, const net::Endpoint& server);
  Receiver(const Receiver&) = delete;
  Receiver& operator=(const Receiver&) = delete;
  /// Aborts and joins.
  ~Receiver();

  /// Starts the threads; returns when each runs on its CPU. Once. Throws SetupError.
  void start();

  /// Any thread, any time. Each figure is exact up to some moment during the call.
  [[nodiscard]] GeneratorCounts counts() const;

  using Ending = load::Ending;

  /// Waits until every connection has ended, well or badly (see counts().failure), until
  /// `deadline_ns` of now_ns(), or until `interrupt_fd` is readable. After abort(): `interrupted`.
  Ending wait_until_closed(std::uint64_t deadline_ns, int interrupt_fd = -1);

  /// Shuts every socket down, so that the threads end. Idempotent; what ends by it is no failure.
  void abort();

  /// Socket options as read back, and how the threads receive. "receive_buffer_bytes" grows while
  /// the kernel tunes it.
  [[nodiscard]] Facts effective() const;

 private:
  struct Parts;
  std::unique_ptr<Parts> parts_;
};

}  // namespace ub::load
