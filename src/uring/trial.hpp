#pragma once

#include <cstdint>
#include <functional>

#include "uringbench/base/unique_fd.hpp"
#include "uringbench/uring/ring.hpp"

namespace ub::uring {

/// Two connected sockets for trying operations on. Those of TCP on loopback where it is up, as a
/// unix-domain socket refuses zero-copy sends; otherwise unix-domain ones, and `zero_copy` is a TCP
/// socket that is connected to nobody: it tells a kernel that knows an operation (EPIPE) from one
/// that does not (EINVAL).
struct TrialPair {
  UniqueFd listener;
  UniqueFd client;
  UniqueFd server;
  UniqueFd unconnected;  ///< where loopback is down

  [[nodiscard]] bool loopback_is_down() const { return static_cast<bool>(unconnected); }
  /// The socket to try zero-copy sends on.
  [[nodiscard]] int zero_copy() const {
    return loopback_is_down() ? unconnected.get() : server.get();
  }
};

/// Throws SetupError when there can be no sockets.
TrialPair make_trial_pair();

/// Submits the one entry that `prepare` fills and returns its first result. Waits for every further
/// completion the kernel announces, so no buffer is in flight afterwards. A request that does not
/// complete within a second counts as ETIME.
SysResult try_operation(Ring& ring, const std::function<void(io_uring_sqe&)>& prepare);

/// The same for a request that stays armed when it is accepted (multishot): accepted when it has
/// not failed by the time a following NOP has completed.
SysResult try_arming(Ring& ring, const std::function<void(io_uring_sqe&)>& prepare);

}  // namespace ub::uring
