// Private networks: what they hold, that nothing outside changes, and that nothing is left behind.
#include <fmt/format.h>
#include <gmock/gmock.h>
#include <linux/capability.h>
#include <sched.h>
#include <seccomp.h>
#include <sys/mount.h>
#include <sys/socket.h>
#include <sys/syscall.h>

#include <array>
#include <cerrno>
#include <fstream>
#include <string>

#include "uringbench/base/error.hpp"
#include "uringbench/base/permissions.hpp"
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

/// As in a container, where /proc/sys is read-only: what IPv6 sends of its own would be counted.
TEST(ReadOnlySysctls, ASinkHasNoIpv6) {
  const test::ChildReport able = test::in_child([]() -> std::string {
    return ::geteuid() == 0 && ::unshare(CLONE_NEWNS | CLONE_NEWNET) == 0 ? "" : "root is needed";
  });
  if (!able.text.empty()) GTEST_SKIP() << able.text;
  const test::ChildReport report = test::in_child([]() -> std::string {
    if (::unshare(CLONE_NEWNS) != 0 ||
        ::mount(nullptr, "/", nullptr, MS_REC | MS_PRIVATE, nullptr) != 0) {
      return "no mount namespace";
    }
    if (::mount("/proc/sys", "/proc/sys", nullptr, MS_BIND | MS_REC, nullptr) != 0 ||
        ::mount(nullptr, "/proc/sys", nullptr, MS_REMOUNT | MS_BIND | MS_RDONLY, nullptr) != 0) {
      return "/proc/sys cannot be mounted over itself";
    }
    EXPECT_FALSE(std::ofstream("/proc/sys/net/ipv4/ip_forward").is_open());
    const ServerEnd sink = open_sink();
    std::ifstream file("/proc/self/net/if_inet6");
    return std::string(std::istreambuf_iterator<char>(file), {});
  });
  EXPECT_EQ(report.status, 0);
  EXPECT_EQ(report.text, "");
}

/// This process loses `capability`, as in a container that was not given it.
bool drop(Capability capability) {
  __user_cap_header_struct header{_LINUX_CAPABILITY_VERSION_3, 0};
  std::array<__user_cap_data_struct, 2> sets{};
  if (::syscall(SYS_capget, &header, sets.data()) != 0) return false;
  const auto bit = static_cast<unsigned>(capability);
  sets[bit / 32].effective &= ~(1U << bit % 32);
  return ::syscall(SYS_capset, &header, sets.data()) == 0;
}

TEST(MissingCapability, ANamespaceInWhichNoDeviceMayBeMadeIsNotTaken) {
  if (::geteuid() != 0) GTEST_SKIP() << "root is needed, to have CAP_SYS_ADMIN alone";
  const test::ChildReport report = test::in_child([]() -> std::string {
    if (!drop(Capability::net_admin)) return "a capability cannot be dropped";
    try {
      return fmt::format("{} sockets", open_sink().connected.size());
    } catch (const SetupError& error) {
      return error.what();
    }
  });
  EXPECT_EQ(report.status, 0);
  EXPECT_THAT(report.text, testing::AnyOf("1 sockets", HasSubstr("--cap-add NET_ADMIN")));
}

TEST(MissingCapability, IsTheOneThatIsNamed) {
  if (::geteuid() != 0) GTEST_SKIP() << "root is needed, to have CAP_SYS_ADMIN alone";
  const test::ChildReport report = test::in_child([]() -> std::string {
    if (!drop(Capability::net_admin)) return "a capability cannot be dropped";
    const scmp_filter_ctx filter = ::seccomp_init(SCMP_ACT_ALLOW);
    ::seccomp_rule_add(filter, SCMP_ACT_ERRNO(EPERM), SCMP_SYS(unshare), 0);
    if (::seccomp_load(filter) != 0) return "no seccomp filter";
    return why_no_private_network();
  });
  EXPECT_EQ(report.status, 0);
  EXPECT_THAT(report.text, testing::AllOf(HasSubstr("--cap-add NET_ADMIN"),
                                          testing::Not(HasSubstr("SYS_ADMIN"))));
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
