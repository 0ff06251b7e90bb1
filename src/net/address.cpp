#include "address.hpp"

#include <arpa/inet.h>
#include <fmt/format.h>
#include <netinet/in.h>

#include <array>
#include <cerrno>
#include <cstring>

#include "uringbench/base/error.hpp"

namespace ub::net {
namespace {

// The socket API's own idiom: a pointer to a concrete address passes as a pointer to sockaddr.
const sockaddr* generic(const SocketAddress& address) {
  return reinterpret_cast<const sockaddr*>(&address.storage);
}

}  // namespace

std::string to_text(const Endpoint& endpoint) {
  return fmt::format("{}:{}", endpoint.address, endpoint.port);
}

SocketAddress to_socket_address(const Endpoint& endpoint) {
  sockaddr_in ipv4{};
  ipv4.sin_family = AF_INET;
  ipv4.sin_port = htons(endpoint.port);
  if (::inet_pton(AF_INET, endpoint.address.c_str(), &ipv4.sin_addr) != 1) {
    throw SetupError(
        fmt::format("'{}' is not an address; a numeric IPv4 address is needed, "
                    "such as 127.0.0.1",
                    endpoint.address));
  }
  SocketAddress address;
  std::memcpy(&address.storage, &ipv4, sizeof ipv4);
  address.length = sizeof ipv4;
  return address;
}

Endpoint local_endpoint(int fd) {
  sockaddr_in ipv4{};
  socklen_t length = sizeof ipv4;
  if (::getsockname(fd, reinterpret_cast<sockaddr*>(&ipv4), &length) != 0) {
    throw_setup_error("reading a socket's own address", errno);
  }
  std::array<char, INET_ADDRSTRLEN> text{};
  if (::inet_ntop(AF_INET, &ipv4.sin_addr, text.data(), text.size()) == nullptr) {
    throw_setup_error("writing out a socket's own address", errno);
  }
  return {text.data(), ntohs(ipv4.sin_port)};
}

int bind_to(int fd, const SocketAddress& address) {
  return ::bind(fd, generic(address), address.length);
}

int connect_socket(int fd, const SocketAddress& address) {
  return ::connect(fd, generic(address), address.length);
}

}  // namespace ub::net
