#pragma once

#include <sys/socket.h>

#include "uringbench/net/socket.hpp"

namespace ub::net {

/// An endpoint as the kernel takes it. All knowledge of address families is in address.cpp.
struct SocketAddress {
  sockaddr_storage storage{};
  socklen_t length = 0;

  [[nodiscard]] sa_family_t family() const { return storage.ss_family; }
};

/// Throws SetupError when the address is not one.
SocketAddress to_socket_address(const Endpoint& endpoint);

/// The local end of a socket. Throws SetupError.
Endpoint local_endpoint(int fd);

int bind_to(int fd, const SocketAddress& address);
int connect_socket(int fd, const SocketAddress& address);

}  // namespace ub::net
