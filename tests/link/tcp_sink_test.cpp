// TCP connections without a peer: what the device counts, and that they can be acknowledged.
#include "tcp_sink.hpp"

#include <gtest/gtest.h>
#include <linux/errqueue.h>
#include <linux/tcp.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>

#include <array>
#include <cerrno>

#include "device_board.hpp"
#include "uringbench/base/clock.hpp"
#include "users.hpp"

namespace ub::link {
namespace {

class TcpSinkTest : public UserTest {
 protected:
  /// `body` in a private network, as the user of the test.
  template <typename Body>
  static void in_network(Body body) {
    const test::ChildReport report = as_user([&]() -> std::string {
      try {
        enter_private_network();
        prepare_tcp_sinks();
        body();
      } catch (const SetupError& error) {
        ADD_FAILURE() << error.what();
      }
      return "";
    });
    EXPECT_EQ(report.status, 0) << report.text;
  }
};

UniqueFd connection(std::uint32_t number, const DeviceFactors& options) {
  UniqueFd fd(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
  EXPECT_EQ(connect_into_tcp_sink(fd.get(), number, options).name, tcp_sink_device(number));
  return fd;
}

void send_all(const UniqueFd& fd, std::size_t size) {
  const std::string bytes(size, 'x');
  EXPECT_EQ(::send(fd.get(), bytes.data(), size, MSG_DONTWAIT), static_cast<ssize_t>(size));
}

/// An acknowledgement goes through the loopback device's queue: it may take a moment.
void expect_acknowledged(const UniqueFd& fd) {
  constexpr std::uint64_t kPatienceNs = 10'000'000'000;
  const std::uint64_t end = now_ns() + kPatienceNs;
  while (tcp_progress(fd.get()).unacknowledged_bytes > 0 && now_ns() < end) ::poll(nullptr, 0, 1);
  EXPECT_EQ(tcp_progress(fd.get()).unacknowledged_bytes, 0U);
  EXPECT_EQ(tcp_progress(fd.get()).retransmitted_bytes, 0U);
}

TEST_P(TcpSinkTest, TheDeviceCountsWhatIsSentAndTheSocketWhatIsAcknowledged) {
  in_network([] {
    const UniqueFd first = connection(0, {});
    const UniqueFd second = connection(1, {});
    DeviceBoard board({tcp_sink_device(0), tcp_sink_device(1)});
    EXPECT_EQ(board.read()[0].packets + board.read()[1].packets, 0U) << "connecting sends nothing";
    send_all(first, 1);
    send_all(second, 5000);
    EXPECT_EQ(tcp_payload_bytes(board.read()[0]), 1U);
    EXPECT_EQ(tcp_payload_bytes(board.read()[1]), 5000U);
    EXPECT_EQ(tcp_progress(second.get()).unacknowledged_bytes, 5000U);
    const TcpSinkPeers peers;
    EXPECT_TRUE(peers.acknowledge(0, 1).ok());
    EXPECT_TRUE(peers.acknowledge(1, 5000).ok());
    expect_acknowledged(first);
    expect_acknowledged(second);
    send_all(second, 100);
    EXPECT_TRUE(peers.acknowledge(1, 5100).ok());
    expect_acknowledged(second);
  });
}

TEST_P(TcpSinkTest, SegmentsAreAsLargeAsTheMtuAllows) {
  in_network([] {
    const UniqueFd fd = connection(0, {.mtu_bytes = 1500});
    send_all(fd, 1460);
    DeviceBoard board({tcp_sink_device(0)});
    EXPECT_EQ(board.read()[0].packets, 1U);
    EXPECT_EQ(board.read()[0].bytes, 1500U + 14U);
  });
}

TEST_P(TcpSinkTest, SegmentsCutBySoftwareCountTheSamePayload) {
  in_network([] {
    const UniqueFd fd = connection(0, {.mtu_bytes = 1500, .offloads = Switch::off});
    send_all(fd, 10 * 1460);
    DeviceBoard board({tcp_sink_device(0)});
    EXPECT_EQ(board.read()[0].packets, 10U);
    EXPECT_EQ(tcp_payload_bytes(board.read()[0]), 10U * 1460U);
  });
}

/// What MSG_ZEROCOPY's notification says: SO_EE_CODE_ZEROCOPY_COPIED, 0, or -1 without one.
int zero_copy_code(const UniqueFd& fd) {
  constexpr int kPatienceMs = 10'000;
  pollfd wait{.fd = fd.get(), .events = 0, .revents = 0};
  if (::poll(&wait, 1, kPatienceMs) != 1) return -1;
  std::array<char, 256> control{};
  msghdr message{};
  message.msg_control = control.data();
  message.msg_controllen = control.size();
  if (::recvmsg(fd.get(), &message, MSG_ERRQUEUE | MSG_DONTWAIT) < 0) return -1;
  sock_extended_err error{};
  __builtin_memcpy(&error, CMSG_DATA(CMSG_FIRSTHDR(&message)), sizeof error);
  return error.ee_origin == SO_EE_ORIGIN_ZEROCOPY ? error.ee_code : -1;
}

TEST_P(TcpSinkTest, AcknowledgingGivesAZeroCopyBufferBackUncopied) {
  in_network([] {
    const UniqueFd fd = connection(0, {});
    const int on = 1;
    ASSERT_EQ(::setsockopt(fd.get(), SOL_SOCKET, SO_ZEROCOPY, &on, sizeof on), 0);
    const std::string bytes(16'384, 'x');
    ASSERT_EQ(::send(fd.get(), bytes.data(), bytes.size(), MSG_ZEROCOPY), 16'384) << errno;
    pollfd wait{.fd = fd.get(), .events = 0, .revents = 0};
    EXPECT_EQ(::poll(&wait, 1, 0), 0) << "it is the kernel's until it is acknowledged";
    EXPECT_TRUE(TcpSinkPeers().acknowledge(0, bytes.size()).ok());
    EXPECT_EQ(zero_copy_code(fd), 0);
  });
}

TEST_P(TcpSinkTest, ClosingSendsNoPayloadAndLeavesNoSocket) {
  in_network([] {
    DeviceCounts before;
    {
      const UniqueFd fd = connection(0, {});
      send_all(fd, 1000);
      before = DeviceBoard({tcp_sink_device(0)}).read()[0];
    }
    DeviceBoard board({tcp_sink_device(0)});
    EXPECT_EQ(tcp_payload_bytes(board.read()[0]), tcp_payload_bytes(before));
    const UniqueFd probe(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
    sockaddr_in same{};
    same.sin_family = AF_INET;
    same.sin_port = htons(5201);
    EXPECT_EQ(::bind(probe.get(), reinterpret_cast<const sockaddr*>(&same), sizeof same), 0)
        << "the port is free again";
  });
}

INSTANTIATE_TEST_SUITE_P(Users, TcpSinkTest, testing::Values(User::self, User::nobody),
                         name_of_user);

}  // namespace
}  // namespace ub::link
