#include "uringbench/protocol/agent.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace ub::protocol {
namespace {

using testing::HasSubstr;
using testing::IsEmpty;

/// Over the wire: as text, and back.
template <typename Value>
Value sent(const Value& value) {
  return Json::parse(Json(value).dump()).template get<Value>();
}

TEST(AgentProtocol, WhatIsSaidArrivesAsItWent) {
  const Hello hello = own_hello();
  EXPECT_EQ(sent(hello), hello);
  const Description description{.facts = {{"kernel", "Linux 6.12"}},
                                .probe = {{"IORING_OP_SEND_ZC", "present", "trial", "accepted"}},
                                .cpus_allowed = "0-3",
                                .congestion = "cubic",
                                .addresses = {{"eth0", "198.18.0.1"}},
                                .ssh_connection = "198.18.0.2 50000 198.18.0.1 22",
                                .boot_id = "1234"};
  EXPECT_EQ(sent(description), description);
}

TEST(AgentProtocol, OnlyTheSameProgramMayTakePart) {
  const Hello ours = own_hello();
  EXPECT_THAT(why_incompatible(ours, ours), IsEmpty());
  Hello other = ours;
  other.architecture = "aarch64";
  EXPECT_THAT(why_incompatible(other, ours), IsEmpty());
  other.version = "9.9";
  EXPECT_THAT(why_incompatible(other, ours), HasSubstr("version 9.9"));
  other = ours;
  other.protocol = 99;
  EXPECT_THAT(why_incompatible(other, ours), HasSubstr("protocol 99"));
  other = ours;
  other.build = "Debug" + ours.build;
  EXPECT_THAT(why_incompatible(other, ours), HasSubstr("Debug"));
}

/// All that a later protocol promises is its number.
TEST(AgentProtocol, AHelloOfAnotherProtocolIsRead) {
  EXPECT_EQ((Json{{"type", "hello"}, {"protocol", 7}}.get<Hello>()).protocol, 7);
}

}  // namespace
}  // namespace ub::protocol
