#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "rendered.hpp"

namespace ub::report {
namespace {

using testing::ContainsRegex;
using testing::HasSubstr;
using testing::Not;

/// Of 4 KiB messages from a working set of 256 KiB.
Sample sample_with(const NotifyFactors& notify, double gbps) {
  Case c = case_of(EngineKind::uring, "send-zc", Family::zero_copy, 4096);
  c.notify = notify;
  Sample sample = sample_of(c, gbps);
  sample.zero_copy = zero_copy_counts(1'000, 0, 0);
  sample.zero_copy->notifications = 250;
  sample.sends.buffer_waits = sample.sends.operations / 2;
  sample.send_timing = SendTiming{
      .accepted = {}, .released = LatencySummary{}, .held = {.peak = 3, .peak_bytes = 12'288}};
  sample.send_timing->released->count = 1'000;
  sample.send_timing->released->p50 = 12'500;
  return sample;
}

TEST(Buffers, StandBelowTheRowsOfAStudyThatComparesNotifies) {
  const std::string table = table_of({sample_with({.when = Notify::each}, 10)});
  EXPECT_THAT(table, ContainsRegex("uring-send-zc\\+each +12\\.5 +- +12K +0\\.250 +0\\.500\n"));
}

TEST(Buffers, AreNoTopicOfAStudyThatDoesNot) {
  EXPECT_THAT(table_of({sample_with({}, 10)}), Not(HasSubstr("buffers")));
}

TEST(Buffers, TheFewestThatAreEnoughAreNamedWithTheirBytes) {
  const std::string table = table_of({sample_with({.when = Notify::each}, 2),
                                      sample_with({.when = Notify::ring, .buffers = 4}, 7),
                                      sample_with({.when = Notify::ring, .buffers = 16}, 9.6),
                                      sample_with({.when = Notify::ring}, 10)});
  EXPECT_THAT(table, HasSubstr("uring-send-zc: the fewest buffers that give 95% of its best rate: "
                               "16 (64K)\n"));
}

TEST(Buffers, AllOfTheWorkingSetMayBeTheFewest) {
  const std::string table = table_of({sample_with({.when = Notify::ring, .buffers = 16}, 5),
                                      sample_with({.when = Notify::ring}, 10)});
  EXPECT_THAT(table, HasSubstr("best rate: 64 (256K)\n"));
}

TEST(Buffers, NothingIsSaidOfOneNumberOfBuffersNorOfLazy) {
  const std::string table =
      table_of({sample_with({.when = Notify::lazy}, 10), sample_with({.when = Notify::each}, 2)});
  EXPECT_THAT(table, Not(HasSubstr("the fewest")));
}

TEST(Buffers, WhatAnOlderProgramDidNotCountIsNotZero) {
  Sample older = sample_with({.when = Notify::each}, 10);
  older.zero_copy->notifications = 0;
  const std::string table = table_of({older});
  EXPECT_THAT(table, ContainsRegex("uring-send-zc\\+each +12\\.5 +- +12K +- +0\\.500\n"));
}

}  // namespace
}  // namespace ub::report
