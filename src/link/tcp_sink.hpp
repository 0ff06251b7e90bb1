#pragma once

#include <cstdint>
#include <string>

#include "device.hpp"
#include "uringbench/base/error.hpp"
#include "uringbench/base/unique_fd.hpp"

/// TCP into devices that drop. Nobody is at the other end: the kernel is told that a connection
/// exists (TCP_REPAIR, made to restore connections of a process that moved), and another process
/// acknowledges what the connection's device has been given, as the peer that does not exist.
namespace ub::link {

/// Each connection has a device of its own, whose counters say how far it has got; reading more of
/// them would take longer than acknowledging may.
inline constexpr std::uint32_t kMostTcpSinkConnections = 16;

/// Bytes in front of the payload of a TCP segment without options, over IPv4 on Ethernet, as
/// devices count them. A segment that is left for the device to cut (TSO) counts once.
inline constexpr std::uint64_t kIpTcpHeaderBytes = 40;
inline constexpr std::uint64_t kTcpFrameHeaderBytes = 14 + kIpTcpHeaderBytes;

/// TCP payload in `counts`. Segments without any, such as the last, count nothing.
inline std::uint64_t tcp_payload_bytes(const DeviceCounts& counts) {
  return counts.bytes - counts.packets * kTcpFrameHeaderBytes;
}

/// The device of connection `number`, from 0.
std::string tcp_sink_device(std::uint32_t number);

/// What the private network of such connections needs in common. Before the first of them. Throws
/// SetupError.
void prepare_tcp_sinks();

/// Makes the device of connection `number`, up, with a route to its peer, and connects `fd`, a TCP
/// socket with all options set that the handshake would use. It can then be written to like any
/// other; closing it drops what was not acknowledged, so that nothing outlives the process.
///
/// No segment is ever sent again unless no acknowledgement has come for many seconds: the device
/// would count it twice. Needs CAP_NET_ADMIN over the network (tcp(7), TCP_REPAIR, Linux 3.5; 4.8
/// for the window). Throws SetupError.
Device connect_into_tcp_sink(int fd, std::uint32_t number, const DeviceFactors& options);

/// What the kernel says about a connection's stream.
struct TcpProgress {
  std::uint64_t unacknowledged_bytes = 0;  ///< sent or not
  std::uint64_t retransmitted_bytes = 0;   ///< sent more than once
};

/// Throws SetupError.
TcpProgress tcp_progress(int fd);

/// Speaks for the peers of such connections, in the network that this process was in when it was
/// made. Needs CAP_NET_RAW over it. A raw socket and no packet socket, which would have the kernel
/// copy what is sent; to the host's own address and through its loopback device, so that no rule
/// about where packets may come from stands in the way.
class TcpSinkPeers {
 public:
  /// Throws SetupError.
  TcpSinkPeers();

  /// Acknowledges the first `payload_bytes` of connection `number`'s stream.
  [[nodiscard]] SysResult acknowledge(std::uint32_t number, std::uint64_t payload_bytes) const;

 private:
  UniqueFd socket_;
};

}  // namespace ub::link
