#include "uringbench/link/copy_cause.hpp"

#include <gtest/gtest.h>
#include <linux/if_ether.h>
#include <linux/if_packet.h>
#include <netinet/in.h>
#include <sys/socket.h>

#include <cerrno>
#include <cstring>

#include "uringbench/base/unique_fd.hpp"
#include "users.hpp"

namespace ub::link {
namespace {

TEST(CopyCause, IsTheMostCertainOfWhatWasFound) {
  EXPECT_EQ(copy_cause({}), "");
  EXPECT_EQ(copy_cause({.joined_notifications = true}), "joined notifications, not copying");
  EXPECT_EQ(copy_cause({.packet_socket = true, .joined_notifications = true}),
            "packet socket open");
  EXPECT_EQ(copy_cause({.packet_socket = true, .checksum_missing = true}),
            "device without checksum offload");
  EXPECT_EQ(copy_cause({.scatter_gather_missing = true, .checksum_missing = true}),
            "device without scatter-gather");
  EXPECT_EQ(copy_cause({.veth = true, .scatter_gather_missing = true}), "local delivery over veth");
  EXPECT_EQ(copy_cause({.local_delivery = true, .packet_socket = true}), "local delivery");
}

TEST(CopyCause, LoopbackDeliversLocally) {
  EXPECT_TRUE(look_for_copying("127.0.0.1").local_delivery);
}

TEST(CopyCause, NothingIsFoundForAnAddressThatNobodyHas) {
  EXPECT_EQ(copy_cause(look_for_copying("203.0.113.7")), "");  // TEST-NET-3, RFC 5737
}

class PrivateCopyCauseTest : public testing::Test {
 protected:
  void SetUp() override {
    const std::string why = why_no_private_network();
    if (!why.empty()) GTEST_SKIP() << why;
  }
};

TEST_F(PrivateCopyCauseTest, OfASinkThereIsNoneUntilItsOffloadsAreOff) {
  const auto report = test::in_child([] {
    EXPECT_EQ(copy_cause(look_for_copying(open_sink().local_address)), "");
    return "";
  });
  EXPECT_EQ(report.status, 0);
  const auto without = test::in_child([] {
    return copy_cause(look_for_copying(open_sink({.offloads = Switch::off}).local_address));
  });
  EXPECT_EQ(without.text, "device without scatter-gather");
}

TEST_F(PrivateCopyCauseTest, APacketSocketIsSeenWhileItIsOpen) {
  const auto report = test::in_child([]() -> std::string {
    const std::string address = open_sink().local_address;
    {
      const UniqueFd ours(::socket(AF_PACKET, SOCK_RAW | SOCK_CLOEXEC, htons(ETH_P_ALL)));
      if (!ours) return "no packet socket: " + std::string(std::strerror(errno));
      EXPECT_EQ(copy_cause(look_for_copying(address)), "packet socket open");
    }
    EXPECT_EQ(copy_cause(look_for_copying(address)), "");
    return "";
  });
  EXPECT_EQ(report.status, 0) << report.text;
  EXPECT_EQ(report.text, "");
}

}  // namespace
}  // namespace ub::link
