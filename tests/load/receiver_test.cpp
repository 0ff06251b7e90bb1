#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "test_server.hpp"
#include "uringbench/base/affinity.hpp"
#include "uringbench/base/error.hpp"
#include "uringbench/load/crew.hpp"

namespace ub::load {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using Sockets = TestServer::Sockets;

/// A server that sends `bytes` to each client and closes.
std::function<void(Sockets&)> sends(std::vector<std::byte> bytes) {
  return [bytes = std::move(bytes)](Sockets& sockets) {
    for (const UniqueFd& socket : sockets) send_all(socket.get(), bytes);
  };
}

/// Runs the case against a server that does `serve` until all is closed.
Counts receive_all(const Case& the_case, std::function<void(Sockets&)> serve) {
  TestServer server(the_case.clients, std::move(serve));
  Crew receiver({.the_case = the_case, .server = server.endpoint()});
  receiver.start();
  EXPECT_EQ(receiver.finish(soon()), Ending::all_closed);
  return receiver.counts();
}

void reset(UniqueFd& socket) {
  const linger at_once{1, 0};
  ::setsockopt(socket.get(), SOL_SOCKET, SO_LINGER, &at_once, sizeof at_once);
  socket.reset();
}

TEST(ReceiverTest, CountsExactlyWhatArrived) {
  const Counts counts = receive_all(small_case(), sends(stream_of(small_case(), 3000)));
  EXPECT_EQ(counts.received_bytes, 3000U * 1001U);
  EXPECT_GE(counts.receive_calls, 2U);
  EXPECT_EQ(counts.ended, 1U);
  EXPECT_EQ(counts.failure, "");
}

TEST(ReceiverTest, ManyClientsShareTheThreads) {
  const Case c = small_case(64);
  const Counts counts = receive_all(c, [&](Sockets& sockets) {
    for (std::uint32_t i = 0; i < sockets.size(); ++i) {
      send_all(sockets[i].get(), stream_of(c, i));
    }
  });
  EXPECT_EQ(counts.received_bytes, 64U * 63U / 2U * 1001U);
  EXPECT_EQ(counts.ended, 64U);
  EXPECT_EQ(counts.failure, "");
}

TEST(ReceiverTest, WithoutVerifyAnyBytesWillDo) {
  Case c = small_case();
  c.verify = Switch::off;
  const Counts counts = receive_all(c, sends(std::vector<std::byte>(1'000'003)));
  EXPECT_EQ(counts.received_bytes, 1'000'003U);
  EXPECT_EQ(counts.failure, "");
}

TEST(ReceiverTest, LessThanTheLowWaterMarkArrivesWhenTheStreamEnds) {
  for (const std::uint32_t clients : {1U, 3U}) {
    Case c = small_case(clients);
    c.client_lowat_bytes = 131'072;
    const Counts counts = receive_all(c, sends(stream_of(c, 200)));
    EXPECT_EQ(counts.received_bytes, clients * 200U * 1001U);
    EXPECT_EQ(counts.failure, "");
  }
}

/// The server goes on until its socket breaks. A receiver that merely stopped reading would block
/// it.
TEST(ReceiverTest, OneFlippedByteFailsTheConnectionAndFreesTheServer) {
  for (const std::uint32_t clients : {1U, 2U}) {
    auto stream = stream_of(small_case(), 700);
    stream[4097] ^= std::byte{1};
    TestServer server(clients, [&](Sockets& sockets) {
      while (send_all(sockets[0].get(), stream)) {
      }
    });
    Crew receiver({.the_case = small_case(clients), .server = server.endpoint()});
    receiver.start();
    EXPECT_TRUE(server.finishes());
    EXPECT_EQ(receiver.finish(soon()), Ending::all_closed);
    const Counts counts = receiver.counts();
    EXPECT_LE(counts.received_bytes, 4097U);
    EXPECT_EQ(counts.ended, clients);
    EXPECT_THAT(counts.failure,
                HasSubstr("client 0: byte 4097 of the stream (byte 93 of message 4) is 0x"));
  }
}

TEST(ReceiverTest, SwappedMessagesFailTheConnection) {
  auto stream = stream_of(small_case(), 7);
  std::swap_ranges(stream.begin() + 2002, stream.begin() + 3003, stream.begin() + 3003);
  EXPECT_THAT(receive_all(small_case(), sends(stream)).failure, HasSubstr("of message 2)"));
}

TEST(ReceiverTest, AMissingTailFailsTheConnection) {
  auto stream = stream_of(small_case(), 20);
  stream.pop_back();
  EXPECT_THAT(
      receive_all(small_case(), sends(stream)).failure,
      "client 0: the stream ended at byte 20019, inside message 19, of which 1000 bytes came");
}

TEST(ReceiverTest, AResetIsReportedWithItsName) {
  const Counts counts = receive_all(small_case(3), [](Sockets& sockets) {
    for (const std::size_t i : {0U, 2U}) sockets[i].reset();
    reset(sockets[1]);
  });
  EXPECT_THAT(counts.failure, AllOf(HasSubstr("client 1: recv"), HasSubstr("ECONNRESET")));
  EXPECT_EQ(counts.ended, 3U);
}

TEST(ReceiverTest, TheServerSeesThatEverythingWasTaken) {
  ssize_t at_end = -1;
  receive_all(small_case(), [&](Sockets& sockets) {
    send_all(sockets[0].get(), stream_of(small_case(), 100));
    ::shutdown(sockets[0].get(), SHUT_WR);
    std::byte byte{};
    at_end = ::recv(sockets[0].get(), &byte, 1, 0);
  });
  EXPECT_EQ(at_end, 0);
}

/// A server that sends without end, to `clients`, until the first socket breaks.
class EndlessTest : public testing::TestWithParam<std::uint32_t> {
 protected:
  Case case_ = small_case(GetParam());
  TestServer server_{GetParam(), [this](Sockets& sockets) {
                       const auto stream = stream_of(case_, 7);
                       while (send_all(sockets[0].get(), stream)) {
                       }
                     }};
};

TEST_P(EndlessTest, AbortEndsTheThreadsAndIsNoFailure) {
  Crew receiver({.the_case = case_, .server = server_.endpoint()});
  receiver.start();
  while (receiver.counts().received_bytes == 0) std::this_thread::yield();
  receiver.abort();
  receiver.abort();
  EXPECT_EQ(receiver.finish(soon()), Ending::aborted);
  EXPECT_TRUE(server_.finishes());
  EXPECT_EQ(receiver.counts().failure, "");
}

TEST_P(EndlessTest, WaitingEndsAtTheDeadline) {
  Crew receiver({.the_case = case_, .server = server_.endpoint()});
  receiver.start();
  EXPECT_EQ(receiver.finish(now_ns()), Ending::deadline);
  EXPECT_EQ(receiver.counts().ended, 0U);
}

TEST_P(EndlessTest, NothingIsReceivedBeforeTheStartAndDestructionNeedsNone) {
  const Crew receiver({.the_case = case_, .server = server_.endpoint()});
  EXPECT_EQ(receiver.counts().received_bytes, 0U);
  EXPECT_EQ(receiver.counts().receive_calls, 0U);
}

INSTANTIATE_TEST_SUITE_P(Clients, EndlessTest, testing::Values(1U, 5U));

TEST(ReceiverTest, EffectiveOptionsAndPlacementAreFacts) {
  Case c = small_case(5);
  c.receive_buffer_bytes = 131'072;
  c.client_cpus = std::to_string(allowed_cpus().front());
  const TestServer server(c.clients, [](Sockets&) {});
  Facts facts = Crew({.the_case = c, .server = server.endpoint()}).effective();
  EXPECT_EQ(facts["receive_buffer_bytes"], "262144");
  EXPECT_EQ(facts["receive_threads"], "1");
  EXPECT_EQ(facts["receive_loop"], "epoll + recv");
  EXPECT_EQ(facts["client_cpus"], c.client_cpus);
}

TEST(ReceiverTest, AConnectionThatFailsSaysHowFarItCame) {
  net::Listener listener = net::listen_on({"127.0.0.1", 0}, {}, 1);
  listener.fd.reset();
  try {
    const Crew receiver({.the_case = small_case(4), .server = listener.endpoint});
    FAIL() << "nobody listens";
  } catch (const SetupError& error) {
    EXPECT_THAT(error.what(), AllOf(HasSubstr("after 0 of 4 clients"), HasSubstr("ECONNREFUSED")));
  }
}

}  // namespace
}  // namespace ub::load
