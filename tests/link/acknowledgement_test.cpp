#include "acknowledgement.hpp"

#include <gmock/gmock.h>

#include <vector>

namespace ub::link {
namespace {

std::vector<int> bytes_of(const Acknowledgement& acknowledgement) {
  std::vector<int> bytes;
  for (const std::byte each : to_packet(acknowledgement))
    bytes.push_back(std::to_integer<int>(each));
  return bytes;
}

/// The checksum was worked out by another program, word by word.
TEST(Acknowledgement, IsAnIpv4PacketWithAChecksummedTcpHeader) {
  const auto bytes = bytes_of({.from_address = 0xc6120002,  // 198.18.0.2
                               .to_address = 0xc6120001,
                               .from_port = 9,
                               .to_port = 5201,
                               .sequence = 2'000'000'000,
                               .acknowledged = 1'000'000'000,
                               .window = 65'535});
  EXPECT_THAT(bytes,
              testing::ElementsAre(
                  0x45, 0, 0, 40, 0, 0, 0x40, 0, 64, 6, 0, 0,      // 40 bytes of TCP, not to be cut
                  198, 18, 0, 2, 198, 18, 0, 1, 0, 9, 0x14, 0x51,  // addresses and ports
                  0x77, 0x35, 0x94, 0, 0x3b, 0x9a, 0xca, 0,        // sequence, acknowledged
                  0x50, 0x10, 0xff, 0xff, 0xfe, 0x81, 0, 0));      // ACK, window, checksum
}

/// The sum of all words, checksum and pseudo header included, is all ones (RFC 1071).
TEST(Acknowledgement, SumsUpToAllOnesWhateverItHolds) {
  for (const std::uint32_t acknowledged : {0U, 1U, 0xffffU, 0x10000U, 0xfffffffeU, 0xffffffffU}) {
    const auto bytes = bytes_of({.from_address = 0xffffffff,
                                 .to_address = 0x0a000001,
                                 .from_port = 0xffff,
                                 .to_port = 1,
                                 .sequence = 0x80000000,
                                 .acknowledged = acknowledged,
                                 .window = 1});
    unsigned sum = 6 + 20;  // protocol and length of the pseudo header
    for (std::size_t i = 12; i < bytes.size(); i += 2) {
      sum += static_cast<unsigned>(bytes[i] * 256 + bytes[i + 1]);
    }
    EXPECT_EQ((sum & 0xffffU) + (sum >> 16U), 0xffffU) << acknowledged;
  }
}

}  // namespace
}  // namespace ub::link
