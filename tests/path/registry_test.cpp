#include "uringbench/path/registry.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <set>

#include "uringbench/net/message_set.hpp"

namespace ub::path {
namespace {

using testing::HasSubstr;

TEST(RegistryTest, NamesAreDistinctAndFound) {
  std::set<std::string_view> names;
  for (const Descriptor& path : registry()) {
    EXPECT_TRUE(names.insert(path.name).second) << path.name;
    EXPECT_EQ(find(path.name), &path);
  }
  EXPECT_EQ(find("no-such-path"), nullptr);
  EXPECT_EQ(find(""), nullptr);
}

TEST(RegistryTest, EveryPathIsDescribedAndCanBeMade) {
  for (const Descriptor& path : registry()) {
    SCOPED_TRACE(path.name);
    EXPECT_FALSE(path.summary.empty());
    EXPECT_FALSE(path.copies.empty());
    EXPECT_TRUE(path.make_syscall || path.make_ring);
    EXPECT_GE(path.default_batch, 1U);
    EXPECT_LE(path.default_batch, kMaxBatch);
  }
}

TEST(RegistryTest, WhatADescriptorSaysFitsTogether) {
  for (const Descriptor& path : registry()) {
    SCOPED_TRACE(path.name);
    EXPECT_EQ(path.reuse != Reuse::on_acceptance, path.family == Family::zero_copy);
    EXPECT_TRUE(!path.registered_memory || path.layout == net::Layout::contiguous);
    EXPECT_TRUE(path.layout != net::Layout::file || path.reuse == Reuse::never);
  }
}

TEST(RegistryTest, OnlyARingCanDriveWhatNoSystemCallDoes) {
  const uring::Probe probe = uring::Probe::run();
  for (const Descriptor& path : registry()) {
    for (const EngineKind engine : {EngineKind::pthread, EngineKind::epoll}) {
      const auto reason = why_unavailable(engine, path, probe);
      EXPECT_EQ(reason.has_value(), !path.make_syscall) << path.name;
      EXPECT_THAT(reason.value_or("needs a ring"), HasSubstr("needs a ring"));
    }
  }
}

}  // namespace
}  // namespace ub::path
