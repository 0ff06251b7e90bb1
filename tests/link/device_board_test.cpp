#include "device_board.hpp"

#include <gtest/gtest.h>

#include "uringbench/base/error.hpp"

namespace ub::link {
namespace {

constexpr std::string_view kText =
    "Inter-|   Receive                                                |  Transmit\n"
    " face |bytes    packets errs drop fifo frame compressed multicast|bytes    packets errs drop "
    "fifo colls carrier compressed\n"
    "    lo:    4000      10    0    0    0     0          0         0     4000      10    0    0 "
    "   0     0       0          0\n"
    " sink1:   65589       1    0    1    0     0          0         0        0       0    0    0 "
    "   0     0       0          0\n"
    "sink10:       0       0    0    0    0     0          0         0 18446744073709551615      2 "
    "   0    0    0     0       0          0\n"
    "sink11:1739691045159 164870840    0 2920    0     0          0         0 1 1    0    0    0   "
    "  0       0          0";

void expect(std::string_view device, const DeviceCounts& wanted) {
  const auto counts = counts_of(kText, device);
  ASSERT_TRUE(counts) << device;
  EXPECT_EQ(counts->packets, wanted.packets) << device;
  EXPECT_EQ(counts->bytes, wanted.bytes) << device;
}

TEST(DeviceBoard, CountsBothDirections) {
  expect("lo", {.packets = 20, .bytes = 8000});
  expect("sink1", {.packets = 1, .bytes = 65'589});
  expect("sink10", {.packets = 2, .bytes = ~std::uint64_t{0}});
  expect("sink11", {.packets = 164'870'841, .bytes = 1'739'691'045'160});
}

TEST(DeviceBoard, TakesWholeNamesOnly) {
  EXPECT_FALSE(counts_of(kText, "sink"));
  EXPECT_FALSE(counts_of(kText, "ink1"));
  EXPECT_FALSE(counts_of(kText, "sink2"));
  EXPECT_FALSE(counts_of("", "lo"));
}

TEST(DeviceBoard, WhatIsCutShortOrNoNumberIsNotThere) {
  EXPECT_FALSE(counts_of("lo: 1 2 3", "lo"));
  EXPECT_FALSE(counts_of("lo: 1 2 3 4 5 6 7 8 9 ten", "lo"));
  EXPECT_FALSE(counts_of("lo:", "lo"));
}

TEST(DeviceBoard, ReadsLoopbackButNoDeviceThatThereIsNot) {
  EXPECT_EQ(DeviceBoard({"lo"}).read().size(), 1U);
  EXPECT_THROW(DeviceBoard({"lo", "no-such-device"}), SetupError);
}

}  // namespace
}  // namespace ub::link
