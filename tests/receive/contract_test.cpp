// What every receive path owes, whichever way it is driven.
#include <gtest/gtest.h>

#include <algorithm>
#include <cctype>
#include <cerrno>
#include <future>
#include <tuple>

#include "drain.hpp"
#include "tcp.hpp"

namespace ub::receive {
namespace {

using Pair = std::tuple<std::string, Way>;

class ReceiveContract : public testing::TestWithParam<Pair> {
 protected:
  void SetUp() override {
    options_.path = find(std::get<0>(GetParam()));
    options_.way = std::get<1>(GetParam());
    ASSERT_NE(options_.path, nullptr);
    if (const auto reason = why_unavailable(engine_of(options_.way), *options_.path, probe())) {
      GTEST_SKIP() << *reason;
    }
    pair_ = make_tcp_pair();
    options_.fd = pair_.receiver.get();
  }

  [[nodiscard]] bool discards() const { return options_.path->delivery == Delivery::discarded; }

  Outcome receive() { return drain(options_, sink_); }

  /// Receives what `send` sends from another thread.
  template <typename Send>
  Outcome receive_while(Send send) {
    const std::jthread sender([&] { send(pair_.sender); });
    const Outcome outcome = receive();
    pair_.receiver.reset();  // so that a sender ends whose receiver gave up
    return outcome;
  }

  void expect_all_of(std::uint64_t sent, const Outcome& outcome) const {
    EXPECT_EQ(outcome.state, ReceiveState::ended);
    EXPECT_EQ(outcome.error, 0);
    EXPECT_EQ(outcome.bytes, sent);
    EXPECT_LE(outcome.mapped, outcome.bytes);
    EXPECT_EQ(sink_.bytes(), discards() ? 0 : sent);
    EXPECT_EQ(sink_.mismatch(), std::nullopt);
    EXPECT_EQ(outcome.buffers_free, outcome.buffers) << "not all buffers are back";
    EXPECT_EQ(outcome.system_calls > 0, options_.way != Way::rings);
  }

  Drain options_;
  TcpPair pair_;
  VerifyingSink sink_;
};

TEST_P(ReceiveContract, OneByte) {
  const auto bytes = pattern(0, 1);
  expect_all_of(1, receive_while([&](UniqueFd& socket) {
                  send_all(socket.get(), bytes);
                  socket.reset();
                }));
}

TEST_P(ReceiveContract, SmallPieces) {
  const auto bytes = pattern(0, 64 * 1000);
  expect_all_of(bytes.size(), receive_while([&](UniqueFd& socket) {
                  send_in_pieces(socket.get(), bytes, 64, 64);
                  socket.reset();
                }));
}

TEST_P(ReceiveContract, ExactlyOneBuffer) {
  options_.buffer_bytes = 4096;
  const auto bytes = pattern(0, 4096);
  expect_all_of(bytes.size(), receive_while([&](UniqueFd& socket) {
                  send_all(socket.get(), bytes);
                  socket.reset();
                }));
}

TEST_P(ReceiveContract, RandomPieces) {
  const auto bytes = pattern(0, (1U << 20U) + 3);
  expect_all_of(bytes.size(), receive_while([&](UniqueFd& socket) {
                  send_in_pieces(socket.get(), bytes, 1, 30'000);
                  socket.reset();
                }));
}

TEST_P(ReceiveContract, MuchAtATimeIntoOddBuffers) {
  options_.buffer_bytes = 5001;
  const auto bytes = pattern(0, 8U << 20U);
  expect_all_of(bytes.size(), receive_while([&](UniqueFd& socket) {
                  send_all(socket.get(), bytes);
                  socket.reset();
                }));
}

/// Provided buffers are numbered by 16 bits: 80,000 of them go around.
TEST_P(ReceiveContract, MoreBuffersThanNumbers) {
  options_.buffer_bytes = 64;
  const auto bytes = pattern(0, 64 * 80'000);
  expect_all_of(bytes.size(), receive_while([&](UniqueFd& socket) {
                  send_all(socket.get(), bytes);
                  socket.reset();
                }));
}

TEST_P(ReceiveContract, OneBufferForAll) {
  options_.buffer_bytes = 1000;
  options_.memory_bytes = 1;
  const auto bytes = pattern(0, 1U << 20U);
  const Outcome outcome = receive_while([&](UniqueFd& socket) {
    send_all(socket.get(), bytes);
    socket.reset();
  });
  expect_all_of(bytes.size(), outcome);
  if (outcome.buffers > 0) {
    EXPECT_EQ(outcome.buffers, 1U);
    // A bundle that takes the last buffer ends its request at once instead of with ENOBUFS.
    EXPECT_GT(outcome.exhausted + outcome.ended_early, 0U);
  }
}

TEST_P(ReceiveContract, AnEmptyStream) {
  pair_.sender.reset();
  expect_all_of(0, receive());
}

TEST_P(ReceiveContract, AHalfClosedStreamEnds) {
  const auto bytes = pattern(0, 100);
  ASSERT_TRUE(send_all(pair_.sender.get(), bytes));
  ::shutdown(pair_.sender.get(), SHUT_WR);
  expect_all_of(100, receive());
}

/// What is there is given without waiting for a full buffer; otherwise this would not end.
TEST_P(ReceiveContract, AStalledSender) {
  const auto bytes = pattern(0, 50'000);
  std::promise<void> arrived;
  options_.on_bytes = [&, told = false](std::uint64_t sum) mutable {
    if (sum < 1000 || told) return;
    told = true;
    arrived.set_value();
  };
  expect_all_of(bytes.size(), receive_while([&](UniqueFd& socket) {
                  send_all(socket.get(), std::span(bytes).first(1000));
                  arrived.get_future().wait_for(std::chrono::seconds(30));
                  send_all(socket.get(), std::span(bytes).subspan(1000));
                  socket.reset();
                }));
}

TEST_P(ReceiveContract, AReset) {
  const auto bytes = pattern(0, 5000);
  const Outcome outcome = receive_while([&](UniqueFd& socket) {
    send_all(socket.get(), bytes);
    reset_connection(socket);
  });
  EXPECT_EQ(outcome.state, ReceiveState::failed);
  EXPECT_EQ(outcome.error, ECONNRESET);
  EXPECT_LE(outcome.bytes, 5000U);
  EXPECT_EQ(sink_.mismatch(), std::nullopt);
  EXPECT_EQ(outcome.buffers_free, outcome.buffers);
}

TEST(SyscallReceive, SaysThatNothingIsThereWhereItMayNotWait) {
  const TcpPair pair = make_tcp_pair();
  for (const Descriptor& path : registry()) {
    if (why_unavailable(EngineKind::epoll, path, probe())) continue;
    SCOPED_TRACE(path.name);
    VerifyingSink sink;
    const auto receive = path.make_syscall({.fd = pair.receiver.get(), .buffer_bytes = 4096});
    const ReceiveProgress progress = receive->receive(Patience::do_not_wait, sink);
    EXPECT_EQ(progress.state, ReceiveState::would_block);
    EXPECT_EQ(progress.bytes, 0U);
    EXPECT_GT(progress.system_calls, 0U);
    EXPECT_EQ(sink.bytes(), 0U);
  }
}

std::vector<Pair> all_pairs() {
  std::vector<Pair> pairs;
  for (const Descriptor& path : registry()) {
    const std::string name(path.name);
    if (path.make_syscall) {
      pairs.emplace_back(name, Way::waits);
      pairs.emplace_back(name, Way::polls);
    }
    if (path.make_ring) pairs.emplace_back(name, Way::rings);
  }
  return pairs;
}

std::string name_of(const testing::TestParamInfo<Pair>& info) {
  constexpr std::array kWays = {"waits", "polls", "rings"};
  std::string name = std::get<0>(info.param);
  std::replace(name.begin(), name.end(), '-', '_');
  return name + "_" + kWays.at(static_cast<std::size_t>(std::get<1>(info.param)));
}

INSTANTIATE_TEST_SUITE_P(Registry, ReceiveContract, testing::ValuesIn(all_pairs()), name_of);

}  // namespace
}  // namespace ub::receive
