// TCP connections that the kernel is told of, and how far they have got. Apart from the rest, as
// what libnl includes has the same names as linux/tcp.h.
#include "repaired_socket.hpp"

#include <fmt/format.h>
#include <linux/sockios.h>
#include <linux/tcp.h>
#include <netinet/in.h>
#include <sys/ioctl.h>
#include <sys/socket.h>

#include <array>
#include <cerrno>

#include "tcp_sink.hpp"
#include "uringbench/base/error.hpp"

namespace ub::link {
namespace {

template <typename Value>
void set_tcp(int fd, int option, const Value& value, const char* name) {
  if (::setsockopt(fd, IPPROTO_TCP, option, &value, sizeof value) == 0) return;
  throw_setup_error(fmt::format("making a TCP connection without a peer: {}", name), errno,
                    "it needs CAP_NET_ADMIN over the private network, and Linux 4.18");
}

void set_sequence(int fd, int queue, std::uint32_t sequence) {
  set_tcp(fd, TCP_REPAIR_QUEUE, queue, "TCP_REPAIR_QUEUE");
  set_tcp(fd, TCP_QUEUE_SEQ, sequence, "TCP_QUEUE_SEQ");
}

sockaddr_in socket_address(const TcpEnd& end) {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(end.address);
  address.sin_port = htons(end.port);
  return address;
}

/// While a socket is in repair, others may have its port as well, and connecting sends nothing.
void connect_quietly(int fd, const RepairedConnection& connection) {
  const sockaddr_in own = socket_address(connection.own);
  const sockaddr_in peer = socket_address(connection.peer);
  if (::bind(fd, reinterpret_cast<const sockaddr*>(&own), sizeof own) != 0) {
    throw_setup_error(fmt::format("binding to port {} of a private network", connection.own.port),
                      errno);
  }
  if (::connect(fd, reinterpret_cast<const sockaddr*>(&peer), sizeof peer) != 0) {
    throw_setup_error("connecting without a peer", errno);
  }
}

/// What the handshake would have agreed on. No selective acknowledgements: with them the kernel
/// probes for lost tails (TLP), and the device would count the probes. No timestamps: whoever
/// acknowledges would have to make them.
void agree(int fd, const RepairedConnection& connection) {
  constexpr std::uint32_t kSegment = 2;  // TCPOPT_MAXSEG
  constexpr std::uint32_t kScale = 3;    // TCPOPT_WINDOW
  const std::array<tcp_repair_opt, 2> options{
      {{kSegment, connection.segment_bytes}, {kScale, kMostWindowScale | kMostWindowScale << 16U}}};
  set_tcp(fd, TCP_REPAIR_OPTIONS, options, "TCP_REPAIR_OPTIONS");
  tcp_repair_window window{};
  socklen_t length = sizeof window;
  if (::getsockopt(fd, IPPROTO_TCP, TCP_REPAIR_WINDOW, &window, &length) != 0) {
    throw_setup_error("reading TCP_REPAIR_WINDOW", errno, "it needs Linux 4.8");
  }
  window.snd_wl1 = connection.peer.sequence;
  window.snd_wnd = window.max_window = std::uint32_t{kMostWindow} << kMostWindowScale;
  set_tcp(fd, TCP_REPAIR_WINDOW, window, "TCP_REPAIR_WINDOW");
}

/// Also by kill -9. A FIN that nobody answers would keep the socket, and with it the whole network,
/// for minutes.
void abort_when_closed(int fd) {
  const linger abort{.l_onoff = 1, .l_linger = 0};
  if (::setsockopt(fd, SOL_SOCKET, SO_LINGER, &abort, sizeof abort) != 0) {
    throw_setup_error("setting SO_LINGER", errno);
  }
}

}  // namespace

void connect_without_peer(int fd, const RepairedConnection& connection) {
  constexpr int kOn = TCP_REPAIR_ON;
  constexpr int kOffWithoutProbe = TCP_REPAIR_OFF_NO_WP;  // a window probe would be counted
  set_tcp(fd, TCP_REPAIR, kOn, "TCP_REPAIR");
  set_sequence(fd, TCP_SEND_QUEUE, connection.own.sequence);
  set_sequence(fd, TCP_RECV_QUEUE, connection.peer.sequence);
  connect_quietly(fd, connection);
  agree(fd, connection);
  set_tcp(fd, TCP_REPAIR, kOffWithoutProbe, "TCP_REPAIR off");
  abort_when_closed(fd);
}

TcpProgress tcp_progress(int fd) {
  int queued = 0;
  tcp_info info{};
  socklen_t length = sizeof info;
  if (::ioctl(fd, SIOCOUTQ, &queued) != 0 ||
      ::getsockopt(fd, IPPROTO_TCP, TCP_INFO, &info, &length) != 0) {
    throw_setup_error("asking how far a TCP connection has got", errno);
  }
  return {.unacknowledged_bytes = static_cast<std::uint64_t>(queued),
          .retransmitted_bytes = info.tcpi_bytes_retrans};
}

}  // namespace ub::link
