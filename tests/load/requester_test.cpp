#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/eventfd.h>

#include "answering_server.hpp"
#include "support/in_child.hpp"
#include "uringbench/base/error.hpp"
#include "uringbench/load/crew.hpp"

namespace ub::load {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using Mark = Crew::Mark;
using Sockets = TestServer::Sockets;

/// Starts, lets requests go until `enough`, and finishes.
void run_until(Crew& requester, const std::function<bool()>& enough) {
  requester.start();
  requester.mark_window(Mark::begin);
  requester.go();
  EXPECT_TRUE(eventually([&] { return enough() || !requester.counts().failure.empty(); }));
  requester.mark_window(Mark::end);
  ASSERT_EQ(requester.finish(soon()), Ending::all_closed);
}

/// Every request was answered, nothing is left, and the server counts the same.
void expect_balance(const Crew& requester, const Case& the_case, const Answerer& server) {
  const Counts counts = requester.counts();
  EXPECT_EQ(counts.failure, "");
  EXPECT_EQ(counts.requests, counts.responses);
  EXPECT_EQ(counts.requests, server.requests());
  EXPECT_EQ(counts.sent_bytes, counts.requests * the_case.request_size_bytes);
  EXPECT_EQ(counts.received_bytes, counts.responses * the_case.size_bytes);
  EXPECT_EQ(counts.ended, the_case.clients);
  EXPECT_EQ(requester.latency().unanswered(), 0U);
}

struct Shape {
  std::uint32_t clients;
  std::uint32_t depth;
  Wait wait;
};

class ClosedLoopTest : public testing::TestWithParam<Shape> {
 protected:
  ClosedLoopTest() {
    case_.depth = GetParam().depth;
    case_.client_wait = GetParam().wait;
  }

  Case case_ = asking_case(GetParam().clients);
};

TEST_P(ClosedLoopTest, CountsBalanceToTheByte) {
  Answerer answerer(case_);
  const TestServer server(case_.clients, std::ref(answerer));
  Crew requester({.the_case = case_, .server = server.endpoint()});
  run_until(requester, [&] { return requester.counts().responses >= 3000; });
  expect_balance(requester, case_, answerer);
  const LatencyReport report = requester.latency();
  EXPECT_GE(report.response.count(), 3000U);
  EXPECT_EQ(report.response.dump(), report.service.dump());
  EXPECT_EQ(report.lateness.count(), 0U);
  EXPECT_FALSE(report.offered_per_s);
  EXPECT_FALSE(report.overloaded);
}

/// A server that answers only when `depth` requests are there would wait for ever for a load
/// generator that kept fewer in flight.
TEST_P(ClosedLoopTest, KeepsExactlyTheDepthInFlight) {
  Answerer answerer(case_);
  answerer.hold = case_.depth;
  const TestServer server(case_.clients, std::ref(answerer));
  Crew requester({.the_case = case_, .server = server.endpoint()});
  run_until(requester, [&] { return answerer.holds_none(); });
  expect_balance(requester, case_, answerer);
  EXPECT_EQ(answerer.most_outstanding(), case_.depth);
}

TEST_P(ClosedLoopTest, RequestsAndResponsesLargerThanAnyBuffer) {
  case_.size_bytes = 3'000'001;
  case_.request_size_bytes = 2'000'003;
  case_.working_set_bytes = 0;
  Answerer answerer(case_);
  const TestServer server(case_.clients, std::ref(answerer));
  Crew requester({.the_case = case_, .server = server.endpoint()});
  run_until(requester, [&] { return requester.counts().responses >= 8; });
  expect_balance(requester, case_, answerer);
}

TEST_P(ClosedLoopTest, AFlippedByteFailsTheConnection) {
  Answerer answerer(case_);
  answerer.before_answer = [&](std::uint64_t index, std::span<std::byte> response) {
    if (index >= 500) response[17] ^= std::byte{1};
  };
  const TestServer server(case_.clients, std::ref(answerer));
  Crew requester({.the_case = case_, .server = server.endpoint()});
  run_until(requester, [] { return false; });
  EXPECT_THAT(requester.counts().failure, HasSubstr("(byte 17 of message "));
  EXPECT_EQ(requester.counts().ended, case_.clients);
}

TEST_P(ClosedLoopTest, AbortEndsTheThreadsInAnyPhaseAndIsNoFailure) {
  for (int phase = 0; phase < 4; ++phase) {
    Answerer answerer(case_);
    const TestServer server(case_.clients, std::ref(answerer));
    Crew requester({.the_case = case_, .server = server.endpoint()});
    if (phase > 0) requester.start();
    if (phase > 1) requester.go();
    if (phase > 2) {
      ASSERT_TRUE(eventually([&] { return requester.counts().responses > 0; }));
    }
    requester.abort();
    requester.abort();
    EXPECT_EQ(requester.counts().failure, "");
    if (phase > 0) {
      EXPECT_EQ(requester.finish(soon()), Ending::aborted);
    }
  }
}

TEST_P(ClosedLoopTest, FinishedBeforeItGoesItSendsNothing) {
  Answerer answerer(case_);
  const TestServer server(case_.clients, std::ref(answerer));
  Crew requester({.the_case = case_, .server = server.endpoint()});
  requester.start();
  EXPECT_EQ(requester.finish(soon()), Ending::all_closed);
  EXPECT_EQ(requester.counts().sent_bytes, 0U);
  EXPECT_EQ(requester.counts().ended, case_.clients);
  EXPECT_EQ(requester.counts().failure, "");
}

INSTANTIATE_TEST_SUITE_P(Shapes, ClosedLoopTest,
                         testing::Values(Shape{1, 1, Wait::block}, Shape{1, 1, Wait::spin},
                                         Shape{5, 4, Wait::block}, Shape{5, 4, Wait::spin},
                                         Shape{2, 300, Wait::block}));

/// One client against a server that does as it likes; the first failure.
std::string failure_against(std::function<void(Sockets&)> serve) {
  const Case c = asking_case();
  const TestServer server(1, std::move(serve));
  Crew requester({.the_case = c, .server = server.endpoint()});
  run_until(requester, [] { return false; });
  EXPECT_EQ(requester.counts().ended, 1U);
  return requester.counts().failure;
}

void take_request(const UniqueFd& socket) {
  std::array<std::byte, 100> request;
  ASSERT_EQ(::recv(socket.get(), request.data(), request.size(), MSG_WAITALL), 100);
}

TEST(RequesterTest, RequestsAreThePatternOfMessageZero) {
  std::vector<std::byte> request(100);
  failure_against([&](Sockets& sockets) {
    ::recv(sockets[0].get(), request.data(), request.size(), MSG_WAITALL);
  });
  std::vector<std::byte> expected(100);
  net::fill_message(expected, 0);
  EXPECT_EQ(request, expected);
}

TEST(RequesterTest, AServerThatClosesTooEarlyIsAFailure) {
  EXPECT_EQ(failure_against([](Sockets& sockets) { take_request(sockets[0]); }),
            "client 0: the server closed the connection with 1 requests unanswered");
}

TEST(RequesterTest, AResponseCutShortIsAFailure) {
  EXPECT_EQ(failure_against([](Sockets& sockets) {
              take_request(sockets[0]);
              auto response = stream_of(small_case(), 1);
              response.pop_back();
              send_all(sockets[0].get(), response);
            }),
            "client 0: the stream ended at byte 1000, inside message 0, of which 1000 bytes came");
}

TEST(RequesterTest, AnAnswerToNoRequestIsAFailure) {
  EXPECT_EQ(failure_against([](Sockets& sockets) {
              take_request(sockets[0]);
              send_all(sockets[0].get(), stream_of(small_case(), 2));
              std::byte byte{};
              ::recv(sockets[0].get(), &byte, 1, MSG_WAITALL);  // until the client resets
            }),
            "client 0: byte 1001 of the stream (byte 0 of message 1) answers no request");
}

TEST(RequesterTest, AResetIsReportedWithItsName) {
  EXPECT_THAT(failure_against([](Sockets& sockets) {
                take_request(sockets[0]);
                const linger at_once{1, 0};
                ::setsockopt(sockets[0].get(), SOL_SOCKET, SO_LINGER, &at_once, sizeof at_once);
              }),
              AllOf(HasSubstr("client 0: recv"), HasSubstr("ECONNRESET")));
}

TEST(RequesterTest, AnUnansweredRequestShowsInTheReport) {
  const Case c = asking_case();
  const UniqueFd over(::eventfd(0, EFD_CLOEXEC));
  const TestServer server(1, [&](Sockets&) {
    eventfd_t value = 0;
    ::eventfd_read(over.get(), &value);
  });
  Crew requester({.the_case = c, .server = server.endpoint()});
  requester.start();
  requester.mark_window(Mark::begin);
  requester.go();
  EXPECT_TRUE(eventually([&] { return requester.counts().requests == 1; }));
  requester.mark_window(Mark::end);
  EXPECT_EQ(requester.finish(now_ns()), Ending::deadline);
  ::eventfd_write(over.get(), 1);
  requester.abort();
  const LatencyReport report = requester.latency();
  EXPECT_EQ(report.planned, 1U);
  EXPECT_EQ(report.unanswered(), 1U);
}

TEST(RequesterTest, OnlyTheWindowIsRecorded) {
  const Case c = asking_case(3);
  Answerer answerer(c);
  const TestServer server(c.clients, std::ref(answerer));
  Crew requester({.the_case = c, .server = server.endpoint()});
  requester.start();
  requester.go();
  const auto more = [&](std::uint64_t count) {
    const std::uint64_t enough = requester.counts().responses + count;
    EXPECT_TRUE(eventually([&] { return requester.counts().responses >= enough; }));
  };
  more(500);
  const std::uint64_t before = requester.counts().requests;
  requester.mark_window(Mark::begin);
  more(500);
  requester.mark_window(Mark::end);
  more(500);
  EXPECT_EQ(requester.finish(soon()), Ending::all_closed);
  const Counts counts = requester.counts();
  const LatencyReport report = requester.latency();
  EXPECT_GE(report.response.count(), 490U) << "those under way at the marks belong outside";
  EXPECT_LE(report.response.count(), counts.requests - before - 490);
  EXPECT_DOUBLE_EQ(report.achieved_per_s * report.window_s, static_cast<double>(report.answered));
}

TEST(RequesterTest, EffectiveOptionsAreFacts) {
  const Case c = asking_case(5);
  const TestServer server(c.clients, [](Sockets&) {});
  Facts facts = Crew({.the_case = c, .server = server.endpoint()}).effective();
  EXPECT_EQ(facts["request_loop"], "closed, depth 1");
  EXPECT_EQ(facts["request_wait"], "sleeps in epoll");
  EXPECT_EQ(facts.count("congestion"), 1U);
}

TEST(RequesterTest, AThreadThatCannotBeHadSaysWhichLimitMayBeTooLow) {
  const test::ChildReport report = test::in_child([] {
    const net::Listener listener = net::listen_on({"127.0.0.1", 0}, {}, 1);
    Crew crew({.the_case = asking_case(), .server = listener.endpoint});
    test::allow_threads(0);
    try {
      crew.start();
    } catch (const SetupError& error) {
      return std::string(error.what());
    }
    return std::string("it started");
  });
  EXPECT_EQ(report.status, 0);
  EXPECT_THAT(report.text, AllOf(HasSubstr("starting a thread of the load generator: EAGAIN"),
                                 HasSubstr("RLIMIT_NPROC")));
}

TEST(RequesterTest, ALowWaterMarkAboveAResponseIsRefused) {
  Case c = asking_case();
  c.client_lowat_bytes = 131'072;
  try {
    const Crew requester({.the_case = c, .server = {"127.0.0.1", 1}});
    FAIL() << "the last response would never be seen";
  } catch (const SetupError& error) {
    EXPECT_THAT(error.what(), HasSubstr("SO_RCVLOWAT of 131072"));
  }
}

}  // namespace
}  // namespace ub::load
