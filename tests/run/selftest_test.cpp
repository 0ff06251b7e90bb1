#include "uringbench/run/selftest.hpp"

#include <gtest/gtest.h>

namespace ub::run {
namespace {

Sample sample_of(Link link, ZeroCopyCounts counts) {
  Sample sample;
  sample.status = Status::valid;
  sample.the_case.engine = EngineKind::uring;
  sample.the_case.path = "send-zc";
  sample.the_case.link = link;
  sample.zero_copy = std::move(counts);
  return sample;
}

Verdict verdict(Link link, const ZeroCopyCounts& counts) {
  return judge(sample_of(link, counts)).verdict;
}

TEST(Selftest, LoopbackMustCopyAndASinkMustNot) {
  EXPECT_EQ(verdict(Link::loopback, {.sends = 100, .copied = 100}), Verdict::ok);
  EXPECT_EQ(verdict(Link::sink, {.sends = 100, .real = 100}), Verdict::ok);
  EXPECT_EQ(verdict(Link::loopback, {.sends = 100, .real = 100}), Verdict::contradicts);
  EXPECT_EQ(verdict(Link::sink, {.sends = 100, .copied = 100}), Verdict::contradicts);
  EXPECT_EQ(verdict(Link::tcp_sink, {.sends = 100, .real = 100}), Verdict::ok);
  EXPECT_EQ(verdict(Link::tcp_sink, {.sends = 100, .copied = 100}), Verdict::contradicts);
}

TEST(Selftest, OneInAHundredMayBeOtherwise) {
  EXPECT_EQ(verdict(Link::sink, {.sends = 1000, .real = 990, .copied = 10}), Verdict::ok);
  EXPECT_EQ(verdict(Link::sink, {.sends = 1000, .real = 989, .copied = 11}), Verdict::contradicts);
}

TEST(Selftest, WhatIsNeverReportedCannotBeJudged) {
  EXPECT_EQ(verdict(Link::sink, {.sends = 10, .unreported = 10}), Verdict::cannot_tell);
}

TEST(Selftest, WhatCannotBeHadOrFailsIsNoContradiction) {
  Sample sample = sample_of(Link::sink, {});
  sample.status = Status::unavailable;
  sample.reason = "no user namespaces";
  EXPECT_EQ(judge(sample).verdict, Verdict::unavailable);
  EXPECT_EQ(judge(sample).said, "no user namespaces");
  sample.status = Status::failed;
  EXPECT_EQ(judge(sample).verdict, Verdict::not_judged);
  EXPECT_EQ(verdict(Link::sink, {}), Verdict::not_judged) << "no send at all proves nothing";
}

TEST(Selftest, ARowSaysWhatTheKernelSaid) {
  const SelftestRow row = judge(
      sample_of(Link::loopback, {.sends = 4, .real = 1, .copied = 3, .cause = "local delivery"}));
  EXPECT_EQ(row.said, "25% real, 75% copied");
  EXPECT_EQ(row.cause, "local delivery");
  EXPECT_EQ(row.mode, "uring-send-zc");
}

}  // namespace
}  // namespace ub::run
