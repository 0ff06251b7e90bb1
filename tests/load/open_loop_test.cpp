#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <future>

#include "answering_server.hpp"
#include "uringbench/load/crew.hpp"

namespace ub::load {
namespace {

using Mark = Crew::Mark;

constexpr std::uint64_t kMs = 1'000'000;

/// A server that goes on only when it is let.
class Gate {
 public:
  void open() { opened_.set_value(); }
  void wait() const { future_.wait(); }

 private:
  std::promise<void> opened_;
  std::shared_future<void> future_ = opened_.get_future().share();
};

struct Variant {
  std::uint32_t clients;
  std::uint32_t depth;
  Gaps gaps;
  Wait wait;
};

class OpenLoopTest : public testing::TestWithParam<Variant> {
 protected:
  OpenLoopTest() {
    case_.depth = GetParam().depth;
    case_.gaps = GetParam().gaps;
    case_.client_wait = GetParam().wait;
  }

  void begin(Crew& requester) {
    requester.start();
    requester.mark_window(Mark::begin);
    requester.go();
  }

  void expect_balance(const Crew& requester, const Answerer& answerer) {
    const Counts counts = requester.counts();
    EXPECT_EQ(counts.failure, "");
    EXPECT_EQ(counts.requests, counts.responses);
    EXPECT_EQ(counts.requests, answerer.requests());
    EXPECT_EQ(counts.planned, counts.requests + counts.abandoned);
    EXPECT_EQ(counts.received_bytes, counts.responses * case_.size_bytes);
    EXPECT_EQ(counts.ended, case_.clients);
  }

  Case case_ = asking_case(GetParam().clients);
};

/// 1,000 requests a second for 2 s, and one stall of 100 ms: 100 of 2,000 requests fall due during
/// the stall and wait from 100 ms down to 0, so 50 wait for 50 ms or more, and of the worst 20 (the
/// 99th percentile) each for 80 ms or more. A generator that waits for the server before it plans
/// on would see one slow request. Bounds are low because of Poisson's spread (100 +- 10); a slow
/// machine only adds slow requests.
TEST_P(OpenLoopTest, AStallShowsInEveryRequestThatItDelays) {
  case_.rate_per_s = 1000;
  Answerer answerer(case_);
  answerer.before_answer = [](std::uint64_t index, std::span<std::byte>) {
    if (index == 700) std::this_thread::sleep_for(std::chrono::milliseconds(100));
  };
  const TestServer server(case_.clients, std::ref(answerer));
  Crew requester({.the_case = case_, .server = server.endpoint(), .seed = 11});
  begin(requester);
  EXPECT_TRUE(eventually([&] { return requester.counts().planned >= 2000; }));
  requester.mark_window(Mark::end);
  EXPECT_EQ(requester.finish(soon()), Ending::all_closed);
  expect_balance(requester, answerer);
  const LatencyReport report = requester.latency();
  EXPECT_GE(report.response.max().value_or(0), 90 * kMs);
  EXPECT_GE(count_from(report.response, 50 * kMs), 25U);
  EXPECT_GE(report.response.quantile(0.99).value_or(0), 60.0 * kMs);
  EXPECT_GE(*report.offered_per_s, 900);
  if (case_.depth == 1 && case_.clients == 1) {
    // Only the request that was under way took long; the others were sent late.
    EXPECT_GE(requester.counts().held, 50U);
    EXPECT_LT(count_from(report.service, 50 * kMs) * 5, count_from(report.response, 50 * kMs));
    EXPECT_EQ(answerer.most_outstanding(), 1U);
  }
}

TEST_P(OpenLoopTest, AServerThatIsTooSlowIsOverloaded) {
  case_.rate_per_s = 2000;
  Answerer answerer(case_);
  answerer.before_answer = [](std::uint64_t, std::span<std::byte>) {
    std::this_thread::sleep_for(std::chrono::milliseconds(2));
  };
  const TestServer server(case_.clients, std::ref(answerer));
  Crew requester({.the_case = case_, .server = server.endpoint(), .seed = 11});
  begin(requester);
  EXPECT_TRUE(eventually([&] { return requester.counts().responses >= 100; }));
  requester.mark_window(Mark::end);
  EXPECT_EQ(requester.finish(soon()), Ending::all_closed);
  expect_balance(requester, answerer);
  const LatencyReport report = requester.latency();
  EXPECT_TRUE(report.overloaded);
  EXPECT_LE(report.achieved_per_s, 500);
  EXPECT_GE(*report.offered_per_s, 1000) << "what was never sent was offered too";
  EXPECT_LE(report.unanswered(), requester.counts().abandoned);
}

/// Nothing is read until sockets are full; all of it goes out and is answered in the end.
TEST_P(OpenLoopTest, AFullSocketHoldsRequestsBackButLosesNone) {
  case_.rate_per_s = 2000;
  case_.request_size_bytes = 500'000;
  Gate gate;
  Answerer answerer(case_);
  const TestServer server(case_.clients, [&](TestServer::Sockets& sockets) {
    gate.wait();
    answerer(sockets);
  });
  Crew requester({.the_case = case_, .server = server.endpoint(), .seed = 11});
  begin(requester);
  EXPECT_TRUE(eventually([&] { return requester.counts().planned >= 200; }));
  EXPECT_LT(requester.counts().requests, 200U);
  gate.open();
  EXPECT_TRUE(eventually([&] { return requester.counts().held >= 100; }));
  requester.mark_window(Mark::end);
  EXPECT_EQ(requester.finish(soon()), Ending::all_closed);
  expect_balance(requester, answerer);
  const Counts counts = requester.counts();
  EXPECT_LE(requester.latency().lateness.count(), counts.requests - counts.held);
}

TEST_P(OpenLoopTest, AFlippedByteFailsItsConnectionAndOthersGoOn) {
  case_.rate_per_s = 2000;
  Answerer answerer(case_);
  answerer.before_answer = [](std::uint64_t index, std::span<std::byte> response) {
    if (index == 50) response[1000] ^= std::byte{128};
  };
  const TestServer server(case_.clients, std::ref(answerer));
  Crew requester({.the_case = case_, .server = server.endpoint(), .seed = 11});
  begin(requester);
  EXPECT_TRUE(eventually([&] { return !requester.counts().failure.empty(); }));
  EXPECT_THAT(requester.counts().failure, testing::HasSubstr("(byte 1000 of message "));
  if (case_.clients > 2) {
    const std::uint64_t so_far = requester.counts().responses;
    EXPECT_TRUE(eventually([&] { return requester.counts().responses >= so_far + 50; }));
  }
  EXPECT_EQ(requester.finish(soon()), Ending::all_closed);
  const Counts counts = requester.counts();
  EXPECT_EQ(counts.ended, case_.clients);
}

TEST_P(OpenLoopTest, AbortEndsASleepingThread) {
  case_.rate_per_s = 0.01;
  Answerer answerer(case_);
  const TestServer server(case_.clients, std::ref(answerer));
  Crew requester({.the_case = case_, .server = server.endpoint(), .seed = 11});
  begin(requester);
  requester.abort();
  EXPECT_EQ(requester.finish(soon()), Ending::aborted);
  EXPECT_TRUE(requester.counts().failure.empty());
}

TEST_P(OpenLoopTest, FinishEndsASleepingThread) {
  case_.rate_per_s = 0.01;
  Answerer answerer(case_);
  const TestServer server(case_.clients, std::ref(answerer));
  Crew requester({.the_case = case_, .server = server.endpoint(), .seed = 11});
  begin(requester);
  EXPECT_EQ(requester.finish(soon()), Ending::all_closed);
  expect_balance(requester, answerer);
}

INSTANTIATE_TEST_SUITE_P(Variants, OpenLoopTest,
                         testing::Values(Variant{1, 0, Gaps::fixed, Wait::block},
                                         Variant{1, 1, Gaps::fixed, Wait::block},
                                         Variant{1, 1, Gaps::poisson, Wait::spin},
                                         Variant{7, 2, Gaps::poisson, Wait::block},
                                         Variant{7, 0, Gaps::fixed, Wait::spin}));

/// A stalled server and more requests than one thread has tickets for: the plan is not thinned out,
/// it is caught up with.
TEST(OpenLoopTicketsTest, RunningOutOfTicketsIsCountedAndCaughtUpWith) {
  Case c = asking_case();
  c.size_bytes = 8;
  c.request_size_bytes = 1;
  c.depth = 0;
  c.rate_per_s = 1e6;
  Gate gate;
  Answerer answerer(c);
  const TestServer server(1, [&](TestServer::Sockets& sockets) {
    gate.wait();
    answerer(sockets);
  });
  Crew requester({.the_case = c, .server = server.endpoint()});
  requester.start();
  requester.mark_window(Mark::begin);
  requester.go();
  EXPECT_TRUE(eventually([&] { return requester.counts().planned >= 65'536; }));
  EXPECT_EQ(requester.counts().planned, 65'536U);
  EXPECT_EQ(requester.counts().out_of_tickets, 0U);
  gate.open();
  EXPECT_TRUE(eventually([&] {
    const Counts so_far = requester.counts();
    return so_far.out_of_tickets > 1000 && so_far.held > 1000;
  }));
  requester.mark_window(Mark::end);
  EXPECT_EQ(requester.finish(soon()), Ending::all_closed);
  const Counts counts = requester.counts();
  EXPECT_EQ(counts.failure, "");
  EXPECT_EQ(counts.planned, counts.requests + counts.abandoned);
  EXPECT_EQ(counts.responses, answerer.requests());
}

}  // namespace
}  // namespace ub::load
