#pragma once

#include <cstdint>
#include <functional>

#include "uringbench/base/unique_fd.hpp"
#include "uringbench/uring/ring.hpp"

namespace ub::uring {

/// Two connected TCP sockets on loopback, for trying operations that a socket pair would refuse.
struct TcpPair {
  UniqueFd listener;
  UniqueFd client;
  UniqueFd server;
};

/// Throws SetupError when loopback TCP itself does not work.
TcpPair make_tcp_pair();

/// Submits the one entry that `prepare` fills and returns its first result. Waits for every further
/// completion the kernel announces, so no buffer is in flight afterwards. A request that does not
/// complete within a second counts as ETIME.
SysResult try_operation(Ring& ring, const std::function<void(io_uring_sqe&)>& prepare);

/// The same for a request that stays armed when it is accepted (multishot): accepted when it has
/// not failed by the time a following NOP has completed.
SysResult try_arming(Ring& ring, const std::function<void(io_uring_sqe&)>& prepare);

}  // namespace ub::uring
