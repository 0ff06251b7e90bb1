#pragma once

#include <cstdint>
#include <string>

#include "uringbench/base/unique_fd.hpp"
#include "uringbench/net/socket_options.hpp"

namespace ub::net {

enum class Blocking { yes, no };

/// Where a server listens. `address` is a numeric IPv4 or IPv6 address: no name is looked up, so
/// that nothing but the kernel takes part. Or it is "@" and the name of a unix-domain socket in the
/// abstract namespace (unix(7)), which leaves no file behind; "@" alone lets the kernel choose one.
struct Endpoint {
  std::string address;
  std::uint16_t port = 0;

  friend bool operator==(const Endpoint&, const Endpoint&) = default;
};

/// Any port of loopback, or any name, for `transport`.
Endpoint loopback_endpoint(Transport transport);

/// "127.0.0.1:5201", "[::1]:5201", "@00012".
std::string to_text(const Endpoint& endpoint);

struct Listener {
  UniqueFd fd;
  Endpoint endpoint;  ///< as bound: the port is never 0, the name never empty
};

/// A listening stream socket; port 0 lets the kernel choose. Accepted sockets inherit every option.
/// The kernel cuts `backlog` to net.core.somaxconn (listen(2)); a full backlog delays clients by a
/// second, it refuses none. SO_REUSEADDR is set: connections of the last run that are still in
/// TIME_WAIT do not block the port. Throws SetupError.
Listener listen_on(const Endpoint& endpoint, const SocketOptions& options, std::uint32_t backlog);

/// A connected, blocking stream socket. Throws SetupError, also when nobody answers within
/// kConnectTimeoutNs.
UniqueFd connect_to(const Endpoint& endpoint, const SocketOptions& options);

/// Room for three SYN retransmissions (after 1, 3 and 7 s), which a full accept queue costs.
inline constexpr std::uint64_t kConnectTimeoutNs = 10'000'000'000;

/// Throws SetupError.
void set_blocking(int fd, Blocking blocking);

}  // namespace ub::net
