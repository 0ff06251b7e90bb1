#include "uringbench/net/socket.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/socket.h>

#include <algorithm>
#include <cerrno>
#include <climits>

#include "address.hpp"
#include "sysctl.hpp"
#include "uringbench/base/clock.hpp"
#include "uringbench/base/error.hpp"
#include "uringbench/net/dialer.hpp"
#include "uringbench/net/poll.hpp"

namespace ub::net {
namespace {

UniqueFd make_socket(const SocketAddress& address, const SocketOptions& options) {
  UniqueFd fd(::socket(address.family(), SOCK_STREAM | SOCK_CLOEXEC, 0));
  if (!fd) throw_setup_error("creating a stream socket", errno);
  apply_options(fd.get(), options);
  return fd;
}

constexpr const char* kRaiseLoopback =
    "loopback is down in this network namespace: `ip link set lo up`; --link sink and --transport "
    "unix need none";

bool is_loopback(const Endpoint& endpoint) {
  return endpoint.address.starts_with("127.") || endpoint.address == "::1";
}

[[noreturn]] void refuse_listen(const Endpoint& endpoint, int error) {
  const std::string doing = "listening on " + to_text(endpoint);
  if (error == EADDRINUSE && endpoint.port == 0) {
    throw_setup_error(
        doing, error,
        fmt::format("no local port is free: a listener takes one, and each client another, of "
                    "net.ipv4.ip_local_port_range = {}; widen it with `sysctl -w "
                    "net.ipv4.ip_local_port_range=\"1024 65535\"`, or use fewer --clients",
                    sysctl_text("net.ipv4.ip_local_port_range")));
  }
  if (error == EADDRINUSE) {
    throw_setup_error(
        fmt::format("port {} in use: {}", endpoint.port, doing), error,
        fmt::format("`ss -ltnp 'sport = :{}'` shows by whom; choose another port", endpoint.port));
  }
  if (error == EADDRNOTAVAIL && is_loopback(endpoint)) {
    throw_setup_error(doing, error, kRaiseLoopback);
  }
  if (error == EADDRNOTAVAIL) {
    throw_setup_error(doing, error,
                      "no interface has this address; `ip -4 address` shows those that "
                      "exist");
  }
  if (error == EACCES) {
    throw_setup_error(doing, error,
                      "ports below net.ipv4.ip_unprivileged_port_start need CAP_NET_BIND_SERVICE; "
                      "choose a higher port");
  }
  throw_setup_error(doing, error);
}

[[noreturn]] void refuse_connect(const Endpoint& endpoint, int error) {
  const std::string doing = "connecting to " + to_text(endpoint);
  if (error == ENETUNREACH && is_loopback(endpoint)) {
    throw_setup_error(doing, error, kRaiseLoopback);
  }
  throw_setup_error(doing, error, connect_hint(error));
}

/// How a non-blocking connect went: 0 or errno (connect(2), EINPROGRESS).
int await_connected(int fd) {
  pollfd writable{fd, POLLOUT, 0};
  const SysResult ready = poll_until({&writable, 1}, now_ns() + kConnectTimeoutNs);
  if (!ready.ok()) return ready.error;
  if (ready.value == 0) return ETIMEDOUT;
  return connect_error(fd);
}

}  // namespace

Listener listen_on(const Endpoint& endpoint, const SocketOptions& options, std::uint32_t backlog) {
  const SocketAddress address = to_socket_address(endpoint);
  UniqueFd fd = make_socket(address, options);
  const int on = 1;
  if (::setsockopt(fd.get(), SOL_SOCKET, SO_REUSEADDR, &on, sizeof on) != 0) {
    throw_setup_error("setting SO_REUSEADDR", errno);
  }
  const int queue = static_cast<int>(std::min<std::uint32_t>(backlog, INT_MAX));
  if (bind_to(fd.get(), address) != 0 || ::listen(fd.get(), queue) != 0) {
    refuse_listen(endpoint, errno);
  }
  Endpoint bound = local_endpoint(fd.get());
  return {std::move(fd), std::move(bound)};
}

UniqueFd connect_to(const Endpoint& endpoint, const SocketOptions& options) {
  const SocketAddress address = to_socket_address(endpoint);
  UniqueFd fd = make_socket(address, options);
  set_blocking(fd.get(), Blocking::no);
  if (connect_socket(fd.get(), address) != 0) {
    const int error = errno == EINPROGRESS ? await_connected(fd.get()) : errno;
    if (error != 0) refuse_connect(endpoint, error);
  }
  set_blocking(fd.get(), Blocking::yes);
  return fd;
}

void set_blocking(int fd, Blocking blocking) {
  const int flags = ::fcntl(fd, F_GETFL);
  const int wanted = blocking == Blocking::no ? flags | O_NONBLOCK : flags & ~O_NONBLOCK;
  if (flags < 0 || ::fcntl(fd, F_SETFL, wanted) != 0) {
    throw_setup_error("changing whether a socket blocks", errno);
  }
}

}  // namespace ub::net
