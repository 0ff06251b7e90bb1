#include "uringbench/link/tcp_sink.hpp"

#include <arpa/inet.h>
#include <fmt/format.h>
#include <netinet/in.h>
#include <sys/socket.h>

#include <array>
#include <cerrno>
#include <fstream>

#include "dropping_device.hpp"
#include "repaired_socket.hpp"
#include "uringbench/link/acknowledgement.hpp"

namespace ub::link {
namespace {

constexpr std::uint16_t kServerPort = 5201;
constexpr std::uint16_t kPeerPort = 9;  // of the service that drops what it gets (RFC 863)
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
  forbid_ipv6();
  // Off in every connection here (see agree()); if the kernel left room for them all the same,
  // segments would be 12 bytes shorter.
  std::ofstream("/proc/sys/net/ipv4/tcp_timestamps") << "0\n";
  Netlink().set_up("lo");  // acknowledgements come that way
}

/// The kernel derives the segment size from the MTU when connecting, when the other side's limit is
/// still the least (536), and again only when the MTU changes: so it does, in between.
Device connect_into_tcp_sink(int fd, std::uint32_t number, const LinkFactors& options) {
  const std::uint32_t mtu_bytes = mtu_of(options);
  Netlink netlink;
  Device device = make_dropping_device(
      netlink,
      {.name = tcp_sink_device(number), .mtu_bytes = mtu_bytes - 1, .offloads = options.offloads});
  if (number == 0) netlink.add_address(device.name, kServerAddress);
  netlink.add_route(device.name, text_of(peer_address(number)), kLeastTimeoutMs);
  connect_without_peer(
      fd, {.own = {address_from(kServerAddress), kServerPort, kServerSequence},
           .peer = {peer_address(number), kPeerPort, kPeerSequence},
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
                 .from_port = kPeerPort,
                 .to_port = kServerPort,
                 .sequence = kPeerSequence,
                 .acknowledged = kServerSequence + static_cast<std::uint32_t>(payload_bytes),
                 .window = kMostWindow});
  return from_errno(::send(socket_.get(), packet.data(), packet.size(), 0));
}

}  // namespace ub::link
