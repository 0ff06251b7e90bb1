#pragma once

#include <cstdint>
#include <string>

#include "uringbench/model/case.hpp"
#include "uringbench/model/sample.hpp"

/// What links with devices of their own have in common: addresses, sizes, devices that drop.
namespace ub::link {

class Netlink;

/// Addresses within private networks: 198.18.0.0/15 is set aside for benchmarks (RFC 2544), so it
/// stands for nothing else, not even by mistake.
inline constexpr const char* kServerAddress = "198.18.0.1";
inline constexpr const char* kClientAddress = "198.18.0.2";

/// The port of the service that drops what it gets (RFC 863).
inline constexpr std::uint16_t kDiscardPort = 9;

/// The MTU in effect.
inline std::uint32_t mtu_of(const DeviceFactors& options) {
  constexpr std::uint32_t kMostBytes = 65'535;
  return options.mtu_bytes == 0 ? kMostBytes : options.mtu_bytes;
}

/// What was made.
struct Device {
  std::string name;
  std::string kind;  ///< "ifb", "dummy", "bridge", "veth", as in ip-link(8)
  std::uint32_t mtu_bytes = 0;
};

/// "device" and "device_mtu_bytes" of a sample.
Facts device_facts(const Device& device);

struct DroppingDevice {
  std::string name;
  std::uint32_t mtu_bytes = 0;
  Switch offloads = Switch::on;
};

/// Makes a device that drops whatever is sent into it, up: the first that this kernel offers of
/// ifb, dummy and a bridge without ports. All of them free what they drop without copying it, so
/// that zero-copy sends into them are truly zero-copy. For a private network only. Throws
/// SetupError, naming why each was refused.
Device make_dropping_device(Netlink& netlink, const DroppingDevice& wish);

/// What a device has been given to send.
struct DeviceCounts {
  std::uint64_t packets = 0;
  std::uint64_t bytes = 0;  ///< with Ethernet headers
};

}  // namespace ub::link
