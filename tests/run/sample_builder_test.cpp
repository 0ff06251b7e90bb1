#include "sample_builder.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace ub::run {
namespace {

using testing::Contains;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

constexpr std::uint64_t kSecond = 1'000'000'000;

/// One second of 1000 messages of 64 B, 100 of them before the window and 50 after it; a quarter of
/// each CPU.
struct Measured {
  Case the_case;
  Edge before;
  Edge after;
  Outcome outcome;

  [[nodiscard]] Sample sample() const { return build_sample(the_case, before, after, outcome); }
};

Edge edge_at(std::uint64_t time_ns, std::uint64_t messages) {
  Edge edge;
  edge.server.time_ns = edge.client.time_ns = time_ns;
  edge.server.usage = {time_ns / 4, time_ns / 16, time_ns * 3 / 16, {}};
  edge.client.usage = edge.server.usage;
  edge.server.sends.messages = messages;
  edge.server.sends.bytes = edge.client.load.received_bytes = messages * 64;
  edge.server.sends.operations = messages;
  edge.server.sends.system_calls = 2 * messages;
  return edge;
}

Measured good_run() {
  Measured run;
  run.the_case.path = "two-copy";
  run.the_case.family = Family::two_copy;
  run.the_case.size_bytes = 64;
  run.the_case.server_cpus = "1";
  run.the_case.client_cpus = "0";
  run.the_case.duration_ns = kSecond;
  run.before = edge_at(kSecond, 100);
  run.after = edge_at(2 * kSecond, 1100);
  run.outcome.total = edge_at(2 * kSecond, 1150);
  return run;
}

Measured zero_copy_run(const ZeroCopyCounts& total) {
  Measured run = good_run();
  run.the_case.path = "send-zc";
  run.the_case.family = Family::zero_copy;
  run.outcome.total.server.zero_copy = total;
  return run;
}

TEST(SampleBuilder, FiguresAreTheWindows) {
  const Sample sample = good_run().sample();
  EXPECT_EQ(sample.status, Status::valid);
  EXPECT_THAT(sample.reason, IsEmpty());
  EXPECT_DOUBLE_EQ(sample.window_s, 1);
  EXPECT_EQ(sample.bytes, 64'000U);
  EXPECT_EQ(sample.messages, 1000U);
  EXPECT_DOUBLE_EQ(sample.goodput_bps, 512'000);
  EXPECT_DOUBLE_EQ(sample.message_rate, 1000);
  EXPECT_EQ(sample.server.cpu_ns, kSecond / 4);
  EXPECT_EQ(sample.client.user_ns, kSecond / 16);
  EXPECT_EQ(sample.client.system_ns, kSecond * 3 / 16);
  EXPECT_EQ(sample.sends.operations, 1000U);
  EXPECT_EQ(sample.sends.system_calls, 2000U);
  EXPECT_FALSE(sample.zero_copy);
  EXPECT_THAT(sample.marks, IsEmpty());
}

TEST(SampleBuilder, TheReceiversClockAndBytesDecide) {
  Measured run = good_run();
  run.after.server.time_ns = 9 * kSecond;
  run.after.server.sends.bytes += 4096;  // in flight at the edge
  EXPECT_DOUBLE_EQ(run.sample().window_s, 1);
  EXPECT_EQ(run.sample().bytes, 64'000U);
}

TEST(SampleBuilder, APartOfAMessageIsNoMessage) {
  Measured run = good_run();
  run.after.client.load.received_bytes += 63;
  EXPECT_EQ(run.sample().messages, 1000U);
}

TEST(SampleBuilder, EveryCountOfSendsIsTheWindows) {
  Measured run = good_run();
  run.before.server.sends = {1, 64, 2, 3, 4, 5, 6, 8, 7, {{"EPIPE", 8}, {"ENOBUFS", 9}}};
  run.after.server.sends = {11, 704, 22, 33, 44, 55, 66, 88, 77, {{"EPIPE", 8}, {"ENOBUFS", 99}}};
  const SendCounts expected{10, 640, 20, 30, 40, 50, 60, 80, 70, {{"ENOBUFS", 90}}};
  EXPECT_EQ(run.sample().sends, expected);
}

TEST(SampleBuilder, CountersAreTheWindowsToo) {
  Measured run = good_run();
  run.before.server.usage.counters = {{"cycles", Counted{100}}, {"gone", Unavailable{"no PMU"}}};
  run.after.server.usage.counters = {{"cycles", Counted{350}}, {"gone", Unavailable{"no PMU"}}};
  const Readings counters = run.sample().server.counters;
  EXPECT_EQ(counters.at("cycles"), Reading(Counted{250}));
  EXPECT_EQ(counters.at("gone"), Reading(Unavailable{"no PMU"}));
}

TEST(SampleBuilder, BytesThatDidNotArriveMakeItInvalid) {
  Measured run = good_run();
  run.outcome.total.client.load.received_bytes -= 1;
  EXPECT_EQ(run.sample().status, Status::invalid);
  EXPECT_EQ(run.sample().reason, "the server sent 73600 bytes, but 73599 arrived");
}

TEST(SampleBuilder, BytesThatNobodySentMakeItInvalid) {
  Measured run = good_run();
  run.outcome.total.client.load.received_bytes += 1;
  EXPECT_EQ(run.sample().status, Status::invalid);
}

TEST(SampleBuilder, BytesThatWereSentTwiceMakeItInvalidAndAreNamed) {
  Measured run = good_run();
  run.outcome.total.server.retransmitted_bytes = 1460;
  run.outcome.total.client.load.received_bytes += 1460;
  EXPECT_EQ(run.sample().status, Status::invalid);
  EXPECT_THAT(run.sample().reason, testing::HasSubstr("sent 1460 bytes again"));
}

TEST(SampleBuilder, AnEmptyWindowIsInvalid) {
  Measured run = good_run();
  run.after.client.load.received_bytes = run.before.client.load.received_bytes;
  EXPECT_EQ(run.sample().status, Status::invalid);
  EXPECT_EQ(run.sample().reason, "nothing arrived in the window; choose a longer --duration");
}

TEST(SampleBuilder, ZeroCopySendsAreTheWholeRuns) {
  const Sample sample = zero_copy_run({1150, 1000, 140, 10}).sample();
  EXPECT_EQ(sample.status, Status::valid);
  ASSERT_TRUE(sample.zero_copy);
  EXPECT_EQ(sample.zero_copy->sends, 1150U);
  EXPECT_EQ(sample.zero_copy->real, 1000U);
  EXPECT_EQ(sample.zero_copy->copied, 140U);
  EXPECT_EQ(sample.zero_copy->unreported, 10U);
}

TEST(SampleBuilder, CopyingHasACauseWhenThereWasMoreThanOneInAHundred) {
  Measured run = zero_copy_run({1150, 1000, 140, 10});
  EXPECT_EQ(run.sample().zero_copy->cause, "cause not found");
  run.outcome.total.server.copy_cause = "packet socket open";
  EXPECT_EQ(run.sample().zero_copy->cause, "packet socket open");
  run.outcome.total.server.zero_copy = {1150, 1145, 5, 0};
  EXPECT_EQ(run.sample().zero_copy->cause, "");
}

TEST(SampleBuilder, RefusedZeroCopySendsAreCounted) {
  Measured run = zero_copy_run({1150, 1150, 0, 0});
  run.outcome.total.server.sends.errors = {{"ENOBUFS", 2}, {"ENOMEM", 1}};
  EXPECT_EQ(run.sample().zero_copy->failed, 3U);
}

TEST(SampleBuilder, AReleaseThatIsMissingMakesItInvalid) {
  const Sample sample = zero_copy_run({1150, 1000, 140, 9}).sample();
  EXPECT_EQ(sample.status, Status::invalid);
  EXPECT_EQ(sample.reason, "1150 zero-copy sends, but 1149 releases");
}

TEST(SampleBuilder, TheServersFailureComesBeforeTheClientsAndBeforeTheBooks) {
  Measured run = good_run();
  run.outcome.total.client.load.received_bytes = 0;
  run.outcome.total.client.failure = "connection 3 was reset";
  EXPECT_EQ(run.sample().status, Status::failed);
  EXPECT_EQ(run.sample().reason, "the load generator: connection 3 was reset");
  run.outcome.total.server.failure = "send: ENOMEM";
  EXPECT_EQ(run.sample().status, Status::failed);
  EXPECT_EQ(run.sample().reason, "send: ENOMEM");
}

TEST(SampleBuilder, ARolesOwnErrorComesBeforeItsSignAtThePeer) {
  Measured run = good_run();
  run.outcome.total.client.failure = "client 1: recv: ENOMEM (Cannot allocate memory)";
  run.outcome.total.server.failure = "client 1: send failed: ECONNRESET (Connection reset by peer)";
  EXPECT_EQ(run.sample().reason,
            "the load generator: client 1: recv: ENOMEM (Cannot allocate memory)");
  std::swap(run.outcome.total.client.failure, run.outcome.total.server.failure);
  EXPECT_EQ(run.sample().reason, "client 1: recv: ENOMEM (Cannot allocate memory)");
  run.outcome.total.server.failure = "client 1: send failed: EPIPE (Broken pipe)";
  EXPECT_EQ(run.sample().reason, run.outcome.total.server.failure) << "both are signs of the other";
}

TEST(SampleBuilder, TheNullPathCountsOperationsOfTheServer) {
  Measured run = good_run();
  run.the_case.path = "null";
  run.the_case.family = Family::none;
  run.the_case.duration_ns = 2 * kSecond;
  run.after.server.time_ns = 3 * kSecond;
  for (Edge* edge : {&run.before, &run.after, &run.outcome.total}) {
    edge->client.load.received_bytes = 0;
    edge->server.sends.bytes = 0;
  }
  const Sample sample = run.sample();
  EXPECT_EQ(sample.status, Status::valid);
  EXPECT_EQ(sample.bytes, 0U);
  EXPECT_EQ(sample.messages, 1000U);
  EXPECT_DOUBLE_EQ(sample.message_rate, 500) << "by the server's clock: two seconds";
  run.after.server.sends.messages = run.before.server.sends.messages;
  EXPECT_EQ(run.sample().status, Status::invalid);
  EXPECT_EQ(run.sample().reason, "nothing was counted in the window");
}

TEST(SampleBuilder, AWindowThatWasMuchLongerThanAskedIsInvalid) {
  Measured run = good_run();
  run.after.server.time_ns += kSecond / 20;
  EXPECT_EQ(run.sample().status, Status::valid) << "a busy machine answers late";
  run.after.server.time_ns += 3 * kSecond;
  EXPECT_EQ(run.sample().status, Status::invalid);
  EXPECT_THAT(run.sample().reason, HasSubstr("the window of the server was 4.0 times as long"));
  run = good_run();
  run.after.client.time_ns += 3 * kSecond;
  EXPECT_THAT(run.sample().reason, HasSubstr("the window of the load generator was 4.0 times"));
}

TEST(SampleBuilder, ARoleThatStoodStillMakesItInvalid) {
  Measured run = good_run();
  run.after.client.usage.longest_pause_ns = kSecond / 20;
  EXPECT_EQ(run.sample().status, Status::valid);
  run.after.client.usage.longest_pause_ns = kSecond / 2;
  EXPECT_THAT(run.sample().reason, HasSubstr("the load generator stood still for 500 ms"));
}

TEST(SampleBuilder, AQuotaThatWasUsedUpIsMarked) {
  Measured run = good_run();
  run.before.server.usage.throttled_ns = 7;
  run.after.server.usage.throttled_ns = 7 + kSecond / 10;
  EXPECT_THAT(run.sample().marks, ElementsAre("cpu-throttled"));
}

TEST(SampleBuilder, WaitingForACpuThatOthersHaveIsMarked) {
  Measured run = good_run();
  const auto cpus = [](std::uint64_t busy_ns) {
    return CpuUsage{.cpus = "1", .times = CpuTimes{.user_ns = busy_ns}};
  };
  run.before.server.usage.run_queue = RunQueueTimes{};
  run.after.server.usage.run_queue = RunQueueTimes{.waiting_ns = kSecond / 2};
  run.before.server.usage.cpus = cpus(0);
  run.after.server.usage.cpus = cpus(kSecond / 4);
  EXPECT_THAT(run.sample().marks, IsEmpty()) << "its own threads wait for each other";
  run.after.server.usage.cpus = cpus(kSecond * 3 / 4);
  EXPECT_THAT(run.sample().marks, ElementsAre("cpu-contended"));
}

TEST(SampleBuilder, AReceiverWithoutCpuToSpareIsMarked) {
  Measured run = good_run();
  run.after.client.usage.cpu_ns = run.before.client.usage.cpu_ns + kSecond * 91 / 100;
  EXPECT_THAT(run.sample().marks, ElementsAre("client-bound"));
  run.the_case.client_cpus = "0,2";
  EXPECT_THAT(run.sample().marks, ElementsAre("client-bound")) << "one client can use one CPU only";
  run.the_case.clients = 2;
  EXPECT_THAT(run.sample().marks, IsEmpty());
}

TEST(SampleBuilder, WhatLimitsTheReadingIsMarked) {
  Measured run = good_run();
  run.the_case.client_cpus = "0-1";
  run.the_case.verify = Switch::on;
  run.after.server.sends.buffer_waits = 101;  // of 1000 operations
  run.after.server.sends.cq_overflows = 1;
  EXPECT_THAT(run.sample().marks,
              ElementsAre("shared-cpu", "buffer-bound", "cq-overflow", "verified"));
  run.after.server.sends.buffer_waits = 100;
  EXPECT_THAT(run.sample().marks, Not(Contains("buffer-bound")));
}

CpuUsage on_cpu_1(const CpuTimes& times, Readings counters = {}) {
  return {.cpus = "1", .times = times, .counters = std::move(counters)};
}

TEST(SampleBuilder, StolenTimeMarksTheHostAsNoisy) {
  Measured run = good_run();
  run.before.server.usage.cpus = on_cpu_1({.user_ns = 5000, .steal_ns = 70'000'000});
  run.after.server.usage.cpus = on_cpu_1({.user_ns = 1'980'005'000, .steal_ns = 90'000'000});
  EXPECT_THAT(run.sample().marks, IsEmpty()) << "1 % is not above 1 %";
  EXPECT_EQ(std::get<CpuTimes>(run.sample().server.cpus->times).user_ns, 1'980'000'000U);
  run.after.server.usage.cpus = on_cpu_1({.user_ns = 1'970'005'000, .steal_ns = 100'000'000});
  EXPECT_THAT(run.sample().marks, ElementsAre("noisy-host"));
}

TEST(SampleBuilder, CountersThatRanTooLittleAreMarked) {
  Measured run = good_run();
  const Readings none{{"cycles", Counted{0, 1, RawCount{}}}};
  run.before.client.usage.cpus = on_cpu_1({}, none);
  run.after.client.usage.cpus =
      on_cpu_1({}, {{"cycles", Counted{200, 0.5, RawCount{100, 1000, 500}}}});
  const Sample sample = run.sample();
  EXPECT_THAT(sample.marks, ElementsAre("multiplexed"));
  EXPECT_DOUBLE_EQ(value_or(sample.client.cpus->counters.at("cycles"), 0), 200);
}

TEST(SampleBuilder, AProfiledSampleIsMarked) {
  Measured run = good_run();
  run.the_case.purpose = Purpose::profile;
  EXPECT_THAT(run.sample().marks, ElementsAre("profiled"));
}

TEST(SampleBuilder, WhatWasGrantedIsKept) {
  Measured run = good_run();
  run.outcome.granted = {{"ring_task_run", "DEFER_TASKRUN"}};
  run.outcome.effective = {{"server_congestion", "cubic"}};
  run.after.server.peak_rss_bytes = 4096;
  const Sample sample = run.sample();
  EXPECT_EQ(sample.granted, run.outcome.granted);
  EXPECT_EQ(sample.effective, run.outcome.effective);
  EXPECT_EQ(sample.server_peak_rss_bytes, 4096U);
}

}  // namespace
}  // namespace ub::run
