#pragma once

#include "lane.hpp"
#include "uringbench/base/unique_fd.hpp"

namespace ub::load {

/// Receives from the lane's one connection, a blocking socket, until it ends.
void receive_blocking(const Lane& lane);

/// An epoll instance that watches the lane's connections, which it makes non-blocking. Throws
/// SetupError.
UniqueFd watch_connections(const Lane& lane);

/// Receives from all connections, one recv(2) from each that is ready, until the last has ended.
/// `epoll` is from watch_connections() for the same lane.
void receive_with_epoll(const Lane& lane, int epoll);

}  // namespace ub::load
