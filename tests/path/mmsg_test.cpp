// Many messages a call, each a send of its own.
#include <sys/socket.h>

#include <array>
#include <cerrno>
#include <vector>

#include "ring_fixture.hpp"
#include "uringbench/base/unique_fd.hpp"

namespace ub::path {
namespace {

/// A pair of datagram sockets, which keep the borders between sends.
struct DatagramPair {
  DatagramPair() {
    std::array<int, 2> ends{};
    EXPECT_EQ(::socketpair(AF_UNIX, SOCK_DGRAM | SOCK_NONBLOCK, 0, ends.data()), 0);
    sender.reset(ends[0]);
    receiver.reset(ends[1]);
  }
  UniqueFd sender;
  UniqueFd receiver;
};

/// Length of the next datagram; -1 when there is none.
ssize_t next_length(const DatagramPair& pair) {
  std::array<std::byte, 4096> space{};
  return ::recv(pair.receiver.get(), space.data(), space.size(), 0);
}

class MmsgSyscallTest : public testing::Test {
 protected:
  [[nodiscard]] Payload payload(std::uint64_t skip_bytes) const {
    return {.messages = &messages_, .first = 4, .count = 4, .skip_bytes = skip_bytes};
  }

  DatagramPair pair_;
  net::MessageSet messages_{{.size_bytes = 100, .working_set_bytes = 1600, .batch = 4},
                            find("mmsg")->layout};
  std::unique_ptr<SyscallPath> path_ =
      find("mmsg")->make_syscall({.fd = pair_.sender.get(), .batch = 4, .messages = &messages_});
};

TEST_F(MmsgSyscallTest, EachMessageIsASendOfOneCall) {
  const SendProgress progress = path_->send(payload(0));
  EXPECT_EQ(progress.bytes, 400U);
  EXPECT_EQ(progress.system_calls, 1U);
  for (int i = 0; i < 4; ++i) EXPECT_EQ(next_length(pair_), 100);
  EXPECT_EQ(next_length(pair_), -1);
}

TEST_F(MmsgSyscallTest, AShortSendIsContinuedInTheMiddleOfAMessage) {
  EXPECT_EQ(path_->send(payload(130)).bytes, 270U);
  EXPECT_EQ(next_length(pair_), 70);
  EXPECT_EQ(next_length(pair_), 100);
  EXPECT_EQ(next_length(pair_), 100);
}

TEST_F(MmsgSyscallTest, NoMoreIsSentThanAnAttemptMay) {
  Payload capped = payload(100);
  capped.most_bytes = 150;
  EXPECT_EQ(path_->send(capped).bytes, 150U);
  EXPECT_EQ(next_length(pair_), 100);
  EXPECT_EQ(next_length(pair_), 50);
}

TEST_F(MmsgSyscallTest, AFullSocketIsNoFailure) {
  SendProgress progress;
  for (int i = 0; i < 10'000 && progress.state == SendState::done; ++i) {
    progress = path_->send(payload(0));
  }
  EXPECT_EQ(progress.state, SendState::would_block);
  EXPECT_EQ(progress.bytes, 0U);
}

class MmsgRingTest : public RingPathTest {
 protected:
  void SetUp() override {
    open("mmsg", {.size_bytes = 100, .working_set_bytes = 1600, .batch = 4});
    if (IsSkipped()) return;
    label_ = prepare({.messages = messages_.get(), .count = 4, .operation = 7});
  }

  Label label_;
};

TEST_F(MmsgRingTest, TheAttemptEndsWithItsLastMessage) {
  EXPECT_EQ(label_.operation, 7U);
  for (int i = 0; i < 3; ++i) {
    const SendProgress progress = complete(label_, 100);
    EXPECT_EQ(progress.state, SendState::in_flight);
    EXPECT_EQ(progress.bytes, 100U);
  }
  const SendProgress last = complete(label_, 100);
  EXPECT_EQ(last.state, SendState::done);
  EXPECT_EQ(last.bytes, 100U);
}

TEST_F(MmsgRingTest, AShortSendCancelsTheRestWhichIsNoFailure) {
  EXPECT_EQ(complete(label_, 100).bytes, 100U);
  EXPECT_EQ(complete(label_, 30).bytes, 30U);
  EXPECT_EQ(complete(label_, -ECANCELED).state, SendState::in_flight);
  const SendProgress last = complete(label_, -ECANCELED);
  EXPECT_EQ(last.state, SendState::done);
  EXPECT_EQ(last.bytes, 0U);
}

TEST_F(MmsgRingTest, AFailureIsToldWhenNothingIsInFlightAnyMore) {
  EXPECT_EQ(complete(label_, 100).bytes, 100U);
  EXPECT_EQ(complete(label_, -EPIPE).state, SendState::in_flight);
  EXPECT_EQ(complete(label_, -ECANCELED).state, SendState::in_flight);
  const SendProgress last = complete(label_, -ECANCELED);
  EXPECT_EQ(last.state, SendState::failed);
  EXPECT_EQ(last.error, EPIPE);
}

}  // namespace
}  // namespace ub::path
