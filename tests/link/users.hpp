#pragma once

#include <sys/prctl.h>
#include <unistd.h>

#include "support/in_child.hpp"
#include "uringbench/link/descriptor.hpp"
#include "uringbench/link/network.hpp"

namespace ub::link {

/// Who has the private network: root tests the first way in, nobody the second.
enum class User { self, nobody };

/// `body` in a process of its own, as `user`.
template <typename Body>
test::ChildReport in_child_as(User user, Body body) {
  return test::in_child([&]() -> std::string {
    constexpr int kNobody = 65'534;
    if (user == User::nobody && (::setgid(kNobody) != 0 || ::setuid(kNobody) != 0)) {
      return "cannot become another user";
    }
    // A process that has changed its user hides its /proc entries from others of that user.
    ::prctl(PR_SET_DUMPABLE, 1);
    return body();
  });
}

/// Tests of a user that can have private networks; skips the others.
class UserTest : public testing::TestWithParam<User> {
 protected:
  void SetUp() override {
    if (GetParam() == User::nobody && ::geteuid() != 0) GTEST_SKIP() << "only root can be another";
    const test::ChildReport why = as_user([] { return why_no_private_network(); });
    if (!why.text.empty()) GTEST_SKIP() << why.text;
  }

  template <typename Body>
  static test::ChildReport as_user(Body body) {
    return in_child_as(GetParam(), body);
  }
};

inline Case sink_case(const DeviceFactors& device) {
  Case c;
  c.link = Link::sink;
  c.transport = Transport::udp;
  c.size_bytes = 65'507;
  c.device = device;
  return c;
}

/// In the process that calls it.
inline ServerEnd open_sink(const DeviceFactors& device = {}) {
  const Case c = sink_case(device);
  return descriptor_of(Link::sink).open({.the_case = c});
}

inline std::string name_of_user(const testing::TestParamInfo<User>& info) {
  return info.param == User::self ? "self" : "nobody";
}

}  // namespace ub::link
