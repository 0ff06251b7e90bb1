#pragma once

#include <cstdint>
#include <string>

#include "uringbench/base/unique_fd.hpp"
#include "uringbench/net/socket_options.hpp"

namespace ub::net {

enum class Blocking { yes, no };

/// Where a server listens. `address` is a numeric IPv4 address: no name is looked up, so that
/// nothing but the kernel takes part.
struct Endpoint {
  std::string address;
  std::uint16_t port = 0;

  friend bool operator==(const Endpoint&, const Endpoint&) = default;
};

/// "127.0.0.1:5201".
std::string to_text(const Endpoint& endpoint);

struct Listener {
  UniqueFd fd;
  Endpoint endpoint;  ///< as bound: the port is never 0
};

/// A listening TCP socket; port 0 lets the kernel choose. Accepted sockets inherit every option.
/// The kernel cuts `backlog` to net.core.somaxconn (listen(2)); a full backlog delays clients by a
/// second, it refuses none. SO_REUSEADDR is set: connections of the last run that are still in
/// TIME_WAIT do not block the port. Throws SetupError.
Listener listen_on(const Endpoint& endpoint, const SocketOptions& options, std::uint32_t backlog);

/// A connected, blocking TCP socket. Throws SetupError, also when nobody answers within
/// kConnectTimeoutNs.
UniqueFd connect_to(const Endpoint& endpoint, const SocketOptions& options);

/// Room for three SYN retransmissions (after 1, 3 and 7 s), which a full accept queue costs.
inline constexpr std::uint64_t kConnectTimeoutNs = 10'000'000'000;

/// Throws SetupError.
void set_blocking(int fd, Blocking blocking);

}  // namespace ub::net
