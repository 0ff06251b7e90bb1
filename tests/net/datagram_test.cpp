#include "uringbench/net/datagram.hpp"

#include <gtest/gtest.h>

namespace ub::net {
namespace {

Case case_of(std::uint64_t size_bytes, std::uint32_t batch = 1) {
  Case c;
  c.size_bytes = size_bytes;
  c.batch = batch;
  return c;
}

DatagramShape shape(const Case& c, std::uint32_t mtu_bytes) {
  return datagram_shape(c, mtu_bytes, Pieces::few);
}

TEST(DatagramShape, AMessageThatFitsIsOneDatagram) {
  EXPECT_EQ(shape(case_of(64), 1500).segment_bytes, 0U);
  EXPECT_EQ(shape(case_of(1472), 1500).segment_bytes, 0U);
  EXPECT_EQ(shape(case_of(1472), 1500).most_bytes, 1472U);
}

TEST(DatagramShape, AMessageAboveTheMtuIsCutByTheKernel) {
  const DatagramShape cut = shape(case_of(1473), 1500);
  EXPECT_EQ(cut.segment_bytes, 1472U);
  EXPECT_EQ(cut.most_bytes, 1472U * 44U);  // the most below 65,507 bytes
}

TEST(DatagramShape, NoSendIsLongerThanAnIpPacket) {
  const DatagramShape cut = shape(case_of(1U << 20U), 65'535);
  EXPECT_EQ(cut.segment_bytes, 65'507U);
  EXPECT_EQ(cut.most_bytes, 65'507U);
}

TEST(DatagramShape, MessagesOfABatchStayDatagramsOfTheirOwn) {
  const DatagramShape cut = shape(case_of(100, 64), 1500);
  EXPECT_EQ(cut.segment_bytes, 100U);
  EXPECT_EQ(cut.most_bytes, 6400U);  // 64 segments, the most of older kernels
}

TEST(DatagramShape, PiecesOfPagesBoundASend) {
  // 64 KiB in 8 fields: each lies in three pages at worst, five fields in fifteen.
  EXPECT_EQ(most_bytes_in_pieces(65'536, 8), 5U * 8192U);
  // 64 B: each field may lie across two pages.
  EXPECT_EQ(most_bytes_in_pieces(64, 8), 8U * 8U);
  // 8 bytes in 8 fields: a byte lies in one page.
  EXPECT_EQ(most_bytes_in_pieces(8, 8), 17U);
  // 1 MiB in 8 fields, each too long for one send.
  EXPECT_EQ(most_bytes_in_pieces(1U << 20U, 8), 40'960U);
  // Fields of unlike length: whole messages, or less than any field.
  EXPECT_EQ(most_bytes_in_pieces(100, 8), 100U);
  EXPECT_EQ(most_bytes_in_pieces(100, 30), 3U);
  EXPECT_EQ(most_bytes_in_pieces(3, 8), 2U * 3U);
  Case c = case_of(65'536);
  EXPECT_EQ(datagram_shape(c, 65'535, Pieces::by_page).most_bytes, 5U * 8192U);
}

TEST(Datagram, ASocketIsConnectedAndCutsItsSends) {
  const DatagramShape cut{.segment_bytes = 100, .most_bytes = 6400};
  const UniqueFd fd = connect_datagram({"127.0.0.1", 9}, cut, 0);
  EXPECT_TRUE(fd);
}

}  // namespace
}  // namespace ub::net
