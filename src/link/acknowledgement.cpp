#include "acknowledgement.hpp"

#include <span>

namespace ub::link {
namespace {

constexpr std::uint8_t kTcp = 6;  // IPPROTO_TCP
constexpr std::size_t kIpBytes = 20;
constexpr std::size_t kTcpBytes = kAcknowledgementBytes - kIpBytes;

/// Big-endian fields, one after the other.
class Writer {
 public:
  explicit Writer(std::span<std::byte> bytes) : bytes_(bytes) {}

  Writer& put8(std::uint8_t value) {
    bytes_[at_++] = std::byte{value};
    return *this;
  }
  Writer& put16(std::uint16_t value) {
    return put8(static_cast<std::uint8_t>(value >> 8U)).put8(static_cast<std::uint8_t>(value));
  }
  Writer& put32(std::uint32_t value) {
    return put16(static_cast<std::uint16_t>(value >> 16U)).put16(static_cast<std::uint16_t>(value));
  }

 private:
  std::span<std::byte> bytes_;
  std::size_t at_ = 0;
};

/// RFC 1071: the sum of 16-bit words in ones' complement. An even number of bytes.
std::uint32_t add_words(std::uint32_t sum, std::span<const std::byte> bytes) {
  for (std::size_t i = 0; i < bytes.size(); i += 2) {
    sum += std::to_integer<std::uint32_t>(bytes[i]) << 8U;
    sum += std::to_integer<std::uint32_t>(bytes[i + 1]);
  }
  return sum;
}

std::uint16_t folded(std::uint32_t sum) {
  constexpr std::uint32_t kWord = 0xffff;
  while (sum > kWord) sum = (sum & kWord) + (sum >> 16U);
  return static_cast<std::uint16_t>(~sum);
}

/// Over the addresses, the protocol, the length and the segment (RFC 9293, 3.1).
std::uint16_t tcp_checksum(const Acknowledgement& a, std::span<const std::byte> segment) {
  std::array<std::byte, 12> pseudo{};
  Writer(pseudo).put32(a.from_address).put32(a.to_address).put16(kTcp).put16(kTcpBytes);
  return folded(add_words(add_words(0, pseudo), segment));
}

}  // namespace

std::array<std::byte, kAcknowledgementBytes> to_packet(const Acknowledgement& a) {
  constexpr std::uint16_t kVersionAndLength = 0x4500;  // 4, five words, no service type
  constexpr std::uint16_t kDontFragment = 0x4000;
  constexpr std::uint8_t kHops = 64;
  constexpr std::uint16_t kFiveWordsAck = 0x5010;
  constexpr std::size_t kChecksumAt = kIpBytes + 16;
  std::array<std::byte, kAcknowledgementBytes> packet{};
  Writer(packet)
      .put16(kVersionAndLength)
      .put16(kAcknowledgementBytes)
      .put16(0)  // identification
      .put16(kDontFragment)
      .put8(kHops)
      .put8(kTcp)
      .put16(0)  // checksum: the kernel's
      .put32(a.from_address)
      .put32(a.to_address)
      .put16(a.from_port)
      .put16(a.to_port)
      .put32(a.sequence)
      .put32(a.acknowledged)
      .put16(kFiveWordsAck)
      .put16(a.window);
  const std::span<std::byte> all(packet);
  const std::uint16_t checksum = tcp_checksum(a, all.subspan(kIpBytes));
  Writer(all.subspan(kChecksumAt)).put16(checksum);
  return packet;
}

}  // namespace ub::link
