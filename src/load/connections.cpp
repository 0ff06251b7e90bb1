#include "connections.hpp"

#include <fmt/format.h>
#include <sys/socket.h>

#include <tuple>

#include "uringbench/base/error.hpp"

namespace ub::load {

std::vector<UniqueFd> connect_clients(std::uint32_t clients, const net::Endpoint& server,
                                      const net::SocketOptions& options) {
  std::vector<UniqueFd> sockets;
  sockets.reserve(clients);
  while (sockets.size() < clients) {
    try {
      sockets.push_back(net::connect_to(server, options));
    } catch (const SetupError& error) {
      throw SetupError(
          fmt::format("after {} of {} clients: {}", sockets.size(), clients, error.what()));
    }
  }
  return sockets;
}

void reset_connection(int fd) {
  const sockaddr nowhere{AF_UNSPEC, {}};
  std::ignore = ::connect(fd, &nowhere, sizeof nowhere);
}

}  // namespace ub::load
