// Netlink where the kernel's answers get lost.
#include "netlink.hpp"

#include <gmock/gmock.h>
#include <seccomp.h>

#include <cerrno>

#include "support/in_child.hpp"
#include "uringbench/base/error.hpp"

namespace ub::link {
namespace {

TEST(Netlink, FindsTheLoopbackDevice) {
  EXPECT_STREQ(::rtnl_link_get_name(Netlink().get("lo").get()), "lo");
}

TEST(Netlink, NamesADeviceThatThereIsNot) {
  EXPECT_THROW((void)Netlink().get("no-such-device"), SetupError);
}

TEST(Netlink, AnswersThatAreLostAreSaidToBe) {
  const test::ChildReport report = test::in_child([]() -> std::string {
    Netlink netlink;
    const scmp_filter_ctx filter = ::seccomp_init(SCMP_ACT_ALLOW);
    ::seccomp_rule_add(filter, SCMP_ACT_ERRNO(ENOBUFS), SCMP_SYS(recvmsg), 0);
    if (::seccomp_load(filter) != 0) return "ENOBUFS cannot be tried here";
    try {
      (void)netlink.get("lo");
    } catch (const SetupError& error) {
      return error.what();
    }
    return "found";
  });
  EXPECT_EQ(report.status, 0);
  EXPECT_THAT(report.text, testing::HasSubstr("ENOBUFS"));
}

}  // namespace
}  // namespace ub::link
