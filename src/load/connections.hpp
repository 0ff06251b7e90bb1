#pragma once

#include <cstdint>
#include <vector>

#include "uringbench/base/unique_fd.hpp"
#include "uringbench/net/socket.hpp"

namespace ub::load {

/// Connects `clients` blocking sockets, one after the other. Throws SetupError that says how many
/// it got.
///
/// In order, never at once: a SYN that finds the accept queue full is dropped and sent again after
/// a second (tcp_conn_request), so a server that accepts slowly slows this down but loses no
/// client. With several handshakes under way a queue can fill between SYN and ACK, and the client
/// would take itself for connected while the server does not.
std::vector<UniqueFd> connect_clients(std::uint32_t clients, const net::Endpoint& server,
                                      const net::SocketOptions& options);

/// Sends RST now. After a mere shutdown(2) a server that waits for window space would wait on until
/// the window opens, and nobody reads any more. connect(2) to AF_UNSPEC dissolves the association,
/// and for TCP on Linux that is a reset (tcp_disconnect). The descriptor stays open: other threads
/// may hold its number.
void reset_connection(int fd);

}  // namespace ub::load
