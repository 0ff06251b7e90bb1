#pragma once

#include <cstdint>

namespace ub::link {

/// One end of a connection. Host byte order.
struct TcpEnd {
  std::uint32_t address = 0;  ///< IPv4
  std::uint16_t port = 0;
  std::uint32_t sequence = 0;  ///< of the first byte that it sends
};

struct RepairedConnection {
  TcpEnd own;
  TcpEnd peer;
  std::uint32_t segment_bytes = 0;  ///< payload
};

/// The most that the window of a segment can be, and what it is multiplied by (RFC 7323): nothing
/// shall wait for a receiver.
inline constexpr std::uint16_t kMostWindow = 65'535;
inline constexpr std::uint32_t kMostWindowScale = 14;

/// Makes `fd`, a TCP socket that is not connected, established, without a packet (TCP_REPAIR).
/// Closing it aborts. Throws SetupError.
void connect_without_peer(int fd, const RepairedConnection& connection);

}  // namespace ub::link
