// TCP into devices that drop: one of each, and the connections into them.
#include "tcp_sink.hpp"

#include <arpa/inet.h>
#include <fcntl.h>
#include <fmt/format.h>
#include <netinet/in.h>
#include <sys/socket.h>

#include <array>
#include <cerrno>
#include <chrono>
#include <fstream>
#include <thread>

#include "acknowledgement.hpp"
#include "acknowledger.hpp"
#include "netlink.hpp"
#include "repaired_socket.hpp"
#include "uringbench/base/clock.hpp"
#include "uringbench/link/descriptor.hpp"
#include "uringbench/link/network.hpp"
#include "uringbench/net/socket_options.hpp"

namespace ub::link {
namespace {

constexpr std::uint16_t kServerPort = 5201;
constexpr std::uint32_t kServerSequence = 1'000'000'000;
constexpr std::uint32_t kPeerSequence = 2'000'000'000;

/// Longer than anything in a sample takes.
constexpr std::uint32_t kLeastTimeoutMs = 30'000;

std::uint32_t address_from(const char* text) {
  in_addr address{};
  ::inet_pton(AF_INET, text, &address);
  return ntohl(address.s_addr);
}

/// All in the subnet of the server's address, from kClientAddress on.
std::uint32_t peer_address(std::uint32_t number) {
  return address_from(kClientAddress) + number;
}

std::string text_of(std::uint32_t address) {
  std::array<char, INET_ADDRSTRLEN> text{};
  const in_addr bytes{htonl(address)};
  return ::inet_ntop(AF_INET, &bytes, text.data(), text.size());
}

}  // namespace

std::string tcp_sink_device(std::uint32_t number) {
  return fmt::format("sink{}", number);
}

void prepare_tcp_sinks() {
  // Off in every connection here (see agree()); if the kernel left room for them all the same,
  // segments would be 12 bytes shorter.
  std::ofstream("/proc/sys/net/ipv4/tcp_timestamps") << "0\n";
  Netlink().set_up("lo");  // acknowledgements come that way
}

/// The kernel derives the segment size from the MTU when connecting, when the other side's limit is
/// still the least (536), and again only when the MTU changes: so it does, in between.
Device connect_into_tcp_sink(int fd, std::uint32_t number, const DeviceFactors& options) {
  const std::uint32_t mtu_bytes = mtu_of(options);
  Netlink netlink;
  Device device = make_dropping_device(
      netlink,
      {.name = tcp_sink_device(number), .mtu_bytes = mtu_bytes - 1, .offloads = options.offloads});
  if (number == 0) netlink.add_address(device.name, kServerAddress);
  netlink.add_route(device.name, text_of(peer_address(number)), kLeastTimeoutMs);
  connect_without_peer(
      fd, {.own = {address_from(kServerAddress), kServerPort, kServerSequence},
           .peer = {peer_address(number), kDiscardPort, kPeerSequence},
           .segment_bytes = mtu_bytes - static_cast<std::uint32_t>(kIpTcpHeaderBytes)});
  netlink.set_mtu(device.name, mtu_bytes);
  device.mtu_bytes = mtu_bytes;
  return device;
}

TcpSinkPeers::TcpSinkPeers() : socket_(::socket(AF_INET, SOCK_RAW | SOCK_CLOEXEC, IPPROTO_RAW)) {
  if (!socket_) throw_setup_error("opening a raw socket to acknowledge TCP with", errno);
  sockaddr_in server{};
  server.sin_family = AF_INET;
  server.sin_addr.s_addr = htonl(address_from(kServerAddress));
  if (::connect(socket_.get(), reinterpret_cast<const sockaddr*>(&server), sizeof server) != 0) {
    throw_setup_error(fmt::format("connecting a raw socket to {}", kServerAddress), errno);
  }
}

SysResult TcpSinkPeers::acknowledge(std::uint32_t number, std::uint64_t payload_bytes) const {
  const auto packet =
      to_packet({.from_address = peer_address(number),
                 .to_address = address_from(kServerAddress),
                 .from_port = kDiscardPort,
                 .to_port = kServerPort,
                 .sequence = kPeerSequence,
                 .acknowledged = kServerSequence + static_cast<std::uint32_t>(payload_bytes),
                 .window = kMostWindow});
  return from_errno(::send(socket_.get(), packet.data(), packet.size(), 0));
}

namespace {

/// The engine's socket, and a second descriptor of it to see how its stream ends: the last to be
/// closed aborts it.
Device add_connection(ServerEnd& end, const Case& c) {
  UniqueFd fd(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
  if (!fd) throw_setup_error("creating a TCP socket", errno);
  net::apply_options(fd.get(), net::server_options(c));
  const auto number = static_cast<std::uint32_t>(end.connected.size());
  Device device = connect_into_tcp_sink(fd.get(), number, c.device);
  end.watched.emplace_back(::fcntl(fd.get(), F_DUPFD_CLOEXEC, 0));
  if (!end.watched.back()) throw_setup_error("watching a socket", errno, "raise `ulimit -n`");
  end.connected.push_back(std::move(fd));
  return device;
}

ServerEnd open(const ServerSetup& setup) {
  const Case& c = setup.the_case;
  enter_private_network();
  prepare_tcp_sinks();
  ServerEnd end{.endpoint = {kClientAddress, kDiscardPort}, .local_address = kServerAddress};
  Device device;
  while (end.connected.size() < c.clients) device = add_connection(end, c);
  end.effective = net::effective_options(end.connected.front().get());
  end.effective["device"] = fmt::format("{} of {}", c.clients, device.kind);
  end.effective["device_mtu_bytes"] = fmt::to_string(device.mtu_bytes);
  return end;
}

std::unique_ptr<Meter> join(const Case& the_case, int server_id) {
  join_network_of(server_id);
  return std::make_unique<Acknowledger>(the_case);
}

/// Until all that was written has been acknowledged.
Ending settle(const ServerEnd& end, std::uint64_t deadline_ns) {
  constexpr std::uint64_t kEndOfStream = 1;  // counts as a byte, and is never acknowledged
  Ending ending;
  for (const UniqueFd& socket : end.watched) {
    TcpProgress progress = tcp_progress(socket.get());
    while (progress.unacknowledged_bytes > kEndOfStream && now_ns() < deadline_ns) {
      std::this_thread::sleep_for(std::chrono::microseconds(100));
      progress = tcp_progress(socket.get());
    }
    if (progress.unacknowledged_bytes > kEndOfStream) {
      ending.failure =
          fmt::format("{} bytes were not acknowledged in time", progress.unacknowledged_bytes);
    }
    ending.retransmitted_bytes += progress.retransmitted_bytes;
  }
  return ending;
}

std::string too_many_clients(const Case& c) {
  if (c.clients <= kMostTcpSinkConnections) return {};
  return fmt::format(
      "--link tcp-sink with --clients {}: each has a device of its own, whose counters must be "
      "read faster than it sends; it may be {} at most",
      c.clients, kMostTcpSinkConnections);
}

}  // namespace

Descriptor tcp_sink_link() {
  return {.open = open,
          .join = join,
          .settle = settle,
          .why_refused = too_many_clients,
          .descriptors = 1};
}

}  // namespace ub::link
