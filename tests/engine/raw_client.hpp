#pragma once

#include <sys/socket.h>

#include <array>
#include <cstddef>
#include <cstdint>

#include "uringbench/base/unique_fd.hpp"
#include "uringbench/net/socket.hpp"
#include "uringbench/net/socket_options.hpp"

namespace ub::engine {

/// A client that does what no client should.
class RawClient {
 public:
  RawClient(const Case& the_case, const net::Endpoint& server)
      : socket_(net::connect_to(server, net::client_options(the_case))) {}

  /// Reads at least `bytes`; false when the stream ends before.
  bool read(std::uint64_t bytes) {
    std::array<std::byte, 16384> buffer;
    for (std::uint64_t got = 0; got < bytes;) {
      const ssize_t some = ::recv(socket_.get(), buffer.data(), buffer.size(), 0);
      if (some <= 0) return false;
      got += static_cast<std::uint64_t>(some);
    }
    return true;
  }

  /// Goes with a reset.
  void reset() {
    const linger now{.l_onoff = 1, .l_linger = 0};
    ::setsockopt(socket_.get(), SOL_SOCKET, SO_LINGER, &now, sizeof now);
    socket_.reset();
  }

  /// Goes in good order: what it has not read makes the kernel reset after all (RFC 2525, 2.17).
  void close() { socket_.reset(); }

  [[nodiscard]] int fd() const { return socket_.get(); }

 private:
  UniqueFd socket_;
};

}  // namespace ub::engine
