#pragma once

#include <sys/socket.h>

#include <algorithm>
#include <cstdint>
#include <functional>
#include <random>
#include <thread>
#include <vector>

#include "pattern.hpp"
#include "uringbench/base/unique_fd.hpp"
#include "uringbench/net/socket.hpp"

namespace ub::receive {

/// Two connected, blocking TCP sockets on loopback.
struct TcpPair {
  UniqueFd sender;
  UniqueFd receiver;
};

inline TcpPair make_tcp_pair() {
  net::SocketOptions options;
  options.nodelay = Switch::on;
  const net::Listener listener = net::listen_on({"127.0.0.1", 0}, options, 1);
  TcpPair pair;
  pair.sender = net::connect_to(listener.endpoint, options);
  pair.receiver.reset(::accept4(listener.fd.get(), nullptr, nullptr, SOCK_CLOEXEC));
  return pair;
}

inline bool send_all(int fd, std::span<const std::byte> bytes, int flags = 0) {
  while (!bytes.empty()) {
    const ssize_t sent = ::send(fd, bytes.data(), bytes.size(), MSG_NOSIGNAL | flags);
    if (sent < 0) return false;
    bytes = bytes.subspan(static_cast<std::size_t>(sent));
  }
  return true;
}

/// Closes with a reset instead of a FIN.
inline void reset_connection(UniqueFd& socket) {
  const linger reset{.l_onoff = 1, .l_linger = 0};
  ::setsockopt(socket.get(), SOL_SOCKET, SO_LINGER, &reset, sizeof reset);
  socket.reset();
}

/// Sends `bytes` in pieces of `least` to `most` bytes; the same pieces in every run.
inline bool send_in_pieces(int fd, std::span<const std::byte> bytes, std::size_t least,
                           std::size_t most) {
  std::mt19937 random(42);
  std::uniform_int_distribution<std::size_t> length(least, most);
  while (!bytes.empty()) {
    const auto piece = bytes.first(std::min(bytes.size(), length(random)));
    if (!send_all(fd, piece)) return false;
    bytes = bytes.subspan(piece.size());
  }
  return true;
}

}  // namespace ub::receive
