#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

namespace ub::link {

/// A TCP segment that carries nothing but an acknowledgement. Host byte order.
struct Acknowledgement {
  std::uint32_t from_address = 0;  ///< IPv4
  std::uint32_t to_address = 0;
  std::uint16_t from_port = 0;
  std::uint16_t to_port = 0;
  std::uint32_t sequence = 0;      ///< of the acknowledging side, which sends nothing else
  std::uint32_t acknowledged = 0;  ///< the byte that is expected next (RFC 9293)
  std::uint16_t window = 0;        ///< unscaled, as on the wire
};

inline constexpr std::size_t kAcknowledgementBytes = 40;  // IPv4 and TCP without options

/// The packet, from its IPv4 header on. The checksum of TCP is filled in: Linux checks it, as a raw
/// socket vouches for nothing. That of IPv4 is left to the kernel (raw(7), IP_HDRINCL).
std::array<std::byte, kAcknowledgementBytes> to_packet(const Acknowledgement& acknowledgement);

}  // namespace ub::link
