#pragma once

#include <cstdint>
#include <memory>
#include <string>

#include "uringbench/model/case.hpp"

namespace ub::link {

/// Addresses within private networks: 198.18.0.0/15 is set aside for benchmarks (RFC 2544), so it
/// stands for nothing else, not even by mistake.
inline constexpr const char* kServerAddress = "198.18.0.1";
inline constexpr const char* kClientAddress = "198.18.0.2";

/// Bytes in front of the payload of a UDP datagram over IPv4 on Ethernet, as devices count them.
inline constexpr std::uint64_t kIpUdpHeaderBytes = 28;
inline constexpr std::uint64_t kUdpFrameHeaderBytes = 14 + kIpUdpHeaderBytes;

/// The most payload of one UDP send, also with UDP_SEGMENT: the length field of IPv4 has 16 bits.
inline constexpr std::uint64_t kMostUdpPayloadBytes = 65'535 - kIpUdpHeaderBytes;

/// The MTU in effect.
inline std::uint32_t mtu_of(const LinkFactors& options) {
  constexpr std::uint32_t kMostBytes = 65'535;
  return options.mtu_bytes == 0 ? kMostBytes : options.mtu_bytes;
}

/// What was made.
struct Device {
  std::string name;
  std::string kind;  ///< "ifb", "dummy", "bridge", "veth", as in ip-link(8)
  std::uint32_t mtu_bytes = 0;
};

/// Makes a device that drops whatever is sent into it, up, with kServerAddress and a route to all
/// of its subnet: the first that this kernel offers of ifb, dummy and a bridge without ports. All
/// of them free what they drop without copying it, so that zero-copy sends into them are truly
/// zero-copy. For a private network only. Throws SetupError, naming why each was refused.
Device make_sink(const LinkFactors& options);

/// Makes a veth pair: one end here with kServerAddress, the other for take_veth_peer(). Throws
/// SetupError.
Device make_veth(const LinkFactors& options);

/// From the private network of process `id`, which called make_veth(): takes this process into its
/// own private network and the other end of the pair with it, up, with kClientAddress. Throws
/// SetupError.
Device take_veth_peer(int id, const LinkFactors& options);

/// What a device has been given to send.
struct DeviceCounts {
  std::uint64_t packets = 0;
  std::uint64_t bytes = 0;  ///< with Ethernet headers
};

/// Reads the counters of a sink in the network that this process was in when it was made. One
/// thread at a time.
class SinkMeter {
 public:
  SinkMeter();
  SinkMeter(const SinkMeter&) = delete;
  SinkMeter& operator=(const SinkMeter&) = delete;
  ~SinkMeter();

  [[nodiscard]] DeviceCounts read() const;

 private:
  struct Parts;
  std::unique_ptr<Parts> parts_;
};

/// UDP payload in `counts`: every packet has the same headers.
inline std::uint64_t udp_payload_bytes(const DeviceCounts& counts) {
  return counts.bytes - counts.packets * kUdpFrameHeaderBytes;
}

}  // namespace ub::link
