// Every enumerator has its name, and a name is that of one enumerator.
#include <gtest/gtest.h>

#include "uringbench/model/case.hpp"
#include "uringbench/model/sample.hpp"

namespace ub {
namespace {

template <typename Enum>
void expect_named(Enum value, std::string_view text) {
  EXPECT_EQ(to_text(value), text);
  EXPECT_EQ(from_text<Enum>(text), value);
}

TEST(TextTest, NamesGoBothWays) {
  expect_named(EngineKind::pthread, "pthread");
  expect_named(EngineKind::epoll, "epoll");
  expect_named(EngineKind::uring, "uring");
  expect_named(Family::two_copy, "two-copy");
  expect_named(Family::one_copy, "one-copy");
  expect_named(Family::zero_copy, "zero-copy");
  expect_named(Family::none, "none");
  expect_named(Workload::stream, "stream");
  expect_named(Link::loopback, "loopback");
  expect_named(Transport::tcp, "tcp");
  expect_named(Workload::rr, "rr");
  expect_named(Workload::upload, "upload");
  expect_named(Workload::echo, "echo");
  expect_named(Workload::crr, "crr");
  expect_named(Transport::tcp6, "tcp6");
  expect_named(Transport::unix_stream, "unix");
  expect_named(Wait::block, "block");
  expect_named(Wait::spin, "spin");
  expect_named(Gaps::fixed, "fixed");
  expect_named(Gaps::poisson, "poisson");
  expect_named(RingSetup::best, "best");
  expect_named(RingSetup::sqpoll, "sqpoll");
  expect_named(Switch::off, "off");
  expect_named(Switch::on, "on");
  expect_named(Status::valid, "valid");
  expect_named(Status::invalid, "invalid");
  expect_named(Status::failed, "failed");
  expect_named(Status::unavailable, "unavailable");
}

TEST(TextTest, WhatNamesNothingIsRefused) {
  EXPECT_EQ(from_text<EngineKind>(""), std::nullopt);
  EXPECT_EQ(from_text<EngineKind>("Uring"), std::nullopt);
  EXPECT_EQ(from_text<EngineKind>("uring "), std::nullopt);
  EXPECT_EQ(from_text<Status>("ok"), std::nullopt);
  EXPECT_EQ(from_text<Switch>("true"), std::nullopt);
}

TEST(TextTest, AModeIsItsEngineAndItsPath) {
  EXPECT_EQ(mode_name(EngineKind::uring, "send-zc"), "uring-send-zc");
  Case c;
  c.engine = EngineKind::epoll;
  c.path = "two-copy";
  EXPECT_EQ(mode_name(c), "epoll-two-copy");
}

}  // namespace
}  // namespace ub
