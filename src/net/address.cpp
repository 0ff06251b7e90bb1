#include "address.hpp"

#include <arpa/inet.h>
#include <fmt/format.h>
#include <netinet/in.h>
#include <sys/un.h>

#include <array>
#include <cerrno>
#include <cstddef>
#include <cstring>
#include <string_view>

#include "uringbench/base/check.hpp"
#include "uringbench/base/error.hpp"

namespace ub::net {
namespace {

// The socket API's own idiom: a pointer to a concrete address passes as a pointer to sockaddr.
const sockaddr* generic(const SocketAddress& address) {
  return reinterpret_cast<const sockaddr*>(&address.storage);
}

bool is_unix(const Endpoint& endpoint) {
  return endpoint.address.starts_with('@');
}

template <typename Concrete>
SocketAddress stored(const Concrete& concrete, socklen_t length) {
  SocketAddress address;
  std::memcpy(&address.storage, &concrete, sizeof concrete);
  address.length = length;
  return address;
}

/// The name follows a zero byte: the abstract namespace. Without a name bind(2) chooses one.
SocketAddress unix_address(const std::string& text) {
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  const std::string name = text.substr(1);
  if (name.size() > sizeof address.sun_path - 1) {
    throw SetupError(fmt::format("'{}' is longer than a socket's name may be", text));
  }
  std::memcpy(address.sun_path + 1, name.data(), name.size());
  const std::size_t length = name.empty() ? 0 : 1 + name.size();
  return stored(address, static_cast<socklen_t>(offsetof(sockaddr_un, sun_path) + length));
}

Endpoint endpoint_of(const SocketAddress& address) {
  std::array<char, INET6_ADDRSTRLEN> text{};
  const void* from = &address.storage;
  if (address.family() == AF_UNIX) {
    sockaddr_un name{};
    std::memcpy(&name, from, sizeof name);
    const std::size_t before = offsetof(sockaddr_un, sun_path) + 1;  // the zero byte
    const std::size_t length = address.length > before ? address.length - before : 0;
    return {fmt::format("@{}", std::string_view(name.sun_path + 1, length)), 0};
  }
  if (address.family() == AF_INET6) {
    sockaddr_in6 ipv6{};
    std::memcpy(&ipv6, from, sizeof ipv6);
    ::inet_ntop(AF_INET6, &ipv6.sin6_addr, text.data(), text.size());
    return {text.data(), ntohs(ipv6.sin6_port)};
  }
  sockaddr_in ipv4{};
  std::memcpy(&ipv4, from, sizeof ipv4);
  ::inet_ntop(AF_INET, &ipv4.sin_addr, text.data(), text.size());
  return {text.data(), ntohs(ipv4.sin_port)};
}

}  // namespace

Endpoint loopback_endpoint(Transport transport) {
  switch (transport) {
    case Transport::tcp:
    case Transport::udp:
      return {"127.0.0.1", 0};
    case Transport::tcp6:
      return {"::1", 0};
    case Transport::unix_stream:
      return {"@", 0};
  }
  fail_check("every transport has a loopback endpoint");
}

std::string to_text(const Endpoint& endpoint) {
  if (is_unix(endpoint)) return endpoint.address;
  const bool ipv6 = endpoint.address.find(':') != std::string::npos;
  return fmt::format("{}{}{}:{}", ipv6 ? "[" : "", endpoint.address, ipv6 ? "]" : "",
                     endpoint.port);
}

SocketAddress to_socket_address(const Endpoint& endpoint) {
  if (is_unix(endpoint)) return unix_address(endpoint.address);
  sockaddr_in ipv4{};
  ipv4.sin_family = AF_INET;
  ipv4.sin_port = htons(endpoint.port);
  if (::inet_pton(AF_INET, endpoint.address.c_str(), &ipv4.sin_addr) == 1) {
    return stored(ipv4, sizeof ipv4);
  }
  sockaddr_in6 ipv6{};
  ipv6.sin6_family = AF_INET6;
  ipv6.sin6_port = htons(endpoint.port);
  if (::inet_pton(AF_INET6, endpoint.address.c_str(), &ipv6.sin6_addr) == 1) {
    return stored(ipv6, sizeof ipv6);
  }
  throw SetupError(
      fmt::format("'{}' is not an address; a numeric IPv4 or IPv6 address is needed, "
                  "such as 127.0.0.1 or ::1",
                  endpoint.address));
}

Endpoint local_endpoint(int fd) {
  SocketAddress address;
  address.length = sizeof address.storage;
  if (::getsockname(fd, reinterpret_cast<sockaddr*>(&address.storage), &address.length) != 0) {
    throw_setup_error("reading a socket's own address", errno);
  }
  return endpoint_of(address);
}

int bind_to(int fd, const SocketAddress& address) {
  return ::bind(fd, generic(address), address.length);
}

int connect_socket(int fd, const SocketAddress& address) {
  return ::connect(fd, generic(address), address.length);
}

}  // namespace ub::net
