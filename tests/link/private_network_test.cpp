// Private networks: what they hold, that nothing outside changes, and that nothing is left behind.
#include <gmock/gmock.h>
#include <sys/socket.h>

#include <fstream>
#include <string>

#include "uringbench/base/error.hpp"
#include "uringbench/base/unique_fd.hpp"
#include "uringbench/link/network.hpp"
#include "users.hpp"

namespace ub::link {
namespace {

using testing::HasSubstr;

/// Names of the devices of this network, each with a colon, as in /proc/net/dev.
std::string devices() {
  std::string names;
  std::ifstream file("/proc/self/net/dev");
  for (std::string word; file >> word;) {
    if (word.back() == ':') names += word;
  }
  return names;
}

class PrivateNetworkTest : public UserTest {};

/// Sends `size` bytes into a sink; 0 or errno.
int send_datagram(const ServerEnd& sink, std::size_t size) {
  const std::string bytes(size, 'x');
  return ::send(sink.connected.front().get(), bytes.data(), bytes.size(), 0) < 0 ? errno : 0;
}

std::uint64_t counted_in_network_of(int id) {
  return descriptor_of(Link::sink).join(sink_case({}), id)->read().payload_bytes;
}

TEST_P(PrivateNetworkTest, HasNothingButALoopbackThatIsDown) {
  const std::string before = devices();
  const test::ChildReport report = as_user([] {
    enter_private_network();
    return devices();
  });
  EXPECT_EQ(report.status, 0);
  EXPECT_EQ(report.text, "lo:");
  EXPECT_EQ(devices(), before);
}

TEST_P(PrivateNetworkTest, ASinkCountsEveryByteAndNothingElse) {
  const test::ChildReport report = as_user([]() -> std::string {
    const ServerEnd sink = open_sink();
    EXPECT_EQ(counted_in_network_of(::getpid()), 0U);
    for (const std::size_t size : {1U, 1000U, 65'507U}) EXPECT_EQ(send_datagram(sink, size), 0);
    EXPECT_EQ(counted_in_network_of(::getpid()), 1U + 1000U + 65'507U);
    return "";
  });
  EXPECT_EQ(report.status, 0) << report.text;
}

/// The child stays in its network until the pipe to it closes.
TEST_P(PrivateNetworkTest, AnotherProcessMayJoinAndCount) {
  const test::ChildReport report = as_user([]() -> std::string {
    std::array<int, 2> ready{};
    std::array<int, 2> end{};
    EXPECT_EQ(::pipe(ready.data()) + ::pipe(end.data()), 0);
    const pid_t owner = ::fork();
    if (owner == 0) {
      ::close(end[1]);
      const int error = send_datagram(open_sink(), 100);
      char byte = static_cast<char>(error);
      (void)!::write(ready[1], &byte, 1);
      (void)!::read(end[0], &byte, 1);
      ::_exit(0);
    }
    char error = 1;
    EXPECT_EQ(::read(ready[0], &error, 1), 1);
    EXPECT_EQ(error, 0);
    EXPECT_EQ(counted_in_network_of(owner), 100U);
    ::close(end[1]);
    ::waitpid(owner, nullptr, 0);
    return "";
  });
  EXPECT_EQ(report.status, 0) << report.text;
}

TEST_P(PrivateNetworkTest, WhatDoesNotExistIsRefusedWithItsName) {
  const test::ChildReport report = as_user([]() -> std::string {
    try {
      join_network_of(999'999'999);
    } catch (const SetupError& error) {
      return error.what();
    }
    return "joined";
  });
  EXPECT_THAT(report.text, HasSubstr("/proc/999999999/ns/"));
}

INSTANTIATE_TEST_SUITE_P(Users, PrivateNetworkTest, testing::Values(User::self, User::nobody),
                         name_of_user);

}  // namespace
}  // namespace ub::link
