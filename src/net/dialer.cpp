#include "uringbench/net/dialer.hpp"

#include <fmt/format.h>
#include <netinet/in.h>
#include <netinet/tcp.h>

#include <array>
#include <cerrno>

#include "address.hpp"
#include "sysctl.hpp"
#include "uringbench/base/error.hpp"

namespace ub::net {
namespace {

struct Place {
  int level;
  int number;
};

/// All that SocketOptions may ask of a client, in the order in which they are to be set: what
/// SO_RCVLOWAT may be depends on SO_RCVBUF.
constexpr std::array kPlaces = {Place{IPPROTO_TCP, TCP_NODELAY}, Place{IPPROTO_TCP, TCP_CONGESTION},
                                Place{SOL_SOCKET, SO_SNDBUF}, Place{SOL_SOCKET, SO_RCVBUF},
                                Place{SOL_SOCKET, SO_RCVLOWAT}};

/// The bytes of the option's value; empty where this kind of socket has none.
std::string value_of(int fd, Place place) {
  std::string value(64, '\0');
  auto length = static_cast<socklen_t>(value.size());
  if (::getsockopt(fd, place.level, place.number, value.data(), &length) != 0) return {};
  value.resize(length);
  return value;
}

/// The kernel reads buffer sizes back as twice what was set (socket(7)).
std::string as_set(Place place, std::string value) {
  const bool doubled = place.level == SOL_SOCKET && place.number != SO_RCVLOWAT;
  int bytes = 0;
  if (!doubled || value.size() != sizeof bytes) return value;
  value.copy(reinterpret_cast<char*>(&bytes), sizeof bytes);
  bytes /= 2;
  return {reinterpret_cast<const char*>(&bytes), sizeof bytes};
}

UniqueFd fresh_socket(int family) {
  UniqueFd fd(::socket(family, SOCK_STREAM | SOCK_CLOEXEC, 0));
  if (!fd) throw_setup_error("creating a stream socket", errno, "raise `ulimit -n`");
  return fd;
}

}  // namespace

Dialer::Dialer(const Endpoint& endpoint, const SocketOptions& options) {
  const SocketAddress address = to_socket_address(endpoint);
  address_ = address.storage;
  length_ = address.length;
  const UniqueFd fresh = fresh_socket(address.family());
  const UniqueFd wanted = fresh_socket(address.family());
  apply_options(wanted.get(), options);
  for (const Place place : kPlaces) {
    const std::string value = value_of(wanted.get(), place);
    if (value == value_of(fresh.get(), place)) continue;
    options_.push_back({place.level, place.number, as_set(place, value)});
  }
}

int Dialer::set_options(int fd) const {
  for (const Option& option : options_) {
    const auto length = static_cast<socklen_t>(option.value.size());
    if (::setsockopt(fd, option.level, option.number, option.value.data(), length) != 0) {
      return errno;
    }
  }
  return 0;
}

Dialer::Dialed Dialer::dial() const {
  Dialed dialed;
  dialed.fd.reset(::socket(address_.ss_family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
  if (!dialed.fd) return {UniqueFd(), errno};
  dialed.error = set_options(dialed.fd.get());
  if (dialed.error != 0) return dialed;
  const auto* address = reinterpret_cast<const sockaddr*>(&address_);
  if (::connect(dialed.fd.get(), address, length_) != 0 && errno != EINPROGRESS) {
    dialed.error = errno;
  }
  return dialed;
}

int connect_error(int fd) {
  int error = 0;
  socklen_t length = sizeof error;
  return ::getsockopt(fd, SOL_SOCKET, SO_ERROR, &error, &length) == 0 ? error : errno;
}

std::string connect_hint(int error) {
  switch (error) {
    case EADDRNOTAVAIL:
      return fmt::format(
          "no local port is free in net.ipv4.ip_local_port_range = {}, and each client needs "
          "one; widen it with `sysctl -w net.ipv4.ip_local_port_range=\"1024 65535\"`, use fewer "
          "--clients, or wait a minute for TIME_WAIT to end",
          sysctl_text("net.ipv4.ip_local_port_range"));
    case ECONNREFUSED:
      return "no server listens there";
    case ETIMEDOUT:
      return "is the server accepting, and does a firewall drop the packets?";
    case EMFILE:
      return "raise `ulimit -n`";
    default:
      return {};
  }
}

}  // namespace ub::net
