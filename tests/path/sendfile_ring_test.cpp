// The two linked splices of sendfile on a ring.
#include <sys/socket.h>

#include <cerrno>
#include <csignal>
#include <thread>
#include <vector>

#include "ring_fixture.hpp"

namespace ub::path {
namespace {

class SendfileRingTest : public RingPathTest {
 protected:
  /// One prepare() and all its completions.
  SendProgress attempt(const Payload& payload) {
    Submission submission(*ring_, 0);
    path_->prepare(payload, submission);
    SendProgress last;
    for (unsigned left = submission.labelled(); left > 0;) {
      ring_->submit_and_wait();
      ring_->for_each_completion([&](const uring::Completion& completion) {
        last = path_->complete(label_of(completion.user_data), completion, releases_);
        --left;
      });
    }
    return last;
  }

  void expect_received(std::uint32_t index) {
    std::vector<std::byte> expected(messages_->size_bytes());
    net::fill_message(expected, index);
    std::vector<std::byte> got(expected.size());
    for (std::size_t place = 0; place < got.size();) {
      const ssize_t some = ::recv(pair_.client.get(), got.data() + place, got.size() - place, 0);
      ASSERT_GT(some, 0);
      place += static_cast<std::size_t>(some);
    }
    EXPECT_TRUE(got == expected) << "message " << index;
  }
};

/// Message 1 begins in the middle of a page and lies in one page more than its size fills.
TEST_F(SendfileRingTest, AMessageThatBeginsInAPageGoesInOneRound) {
  for (const std::uint64_t size_bytes : {100U, 4097U, 65535U, 200'001U}) {
    SCOPED_TRACE(size_bytes);
    open("sendfile", {.size_bytes = size_bytes});
    if (IsSkipped()) return;
    for (std::uint32_t index = 0; index < messages_->count(); ++index) {
      const SendProgress progress = attempt(message(index));
      EXPECT_EQ(progress.state, SendState::done);
      EXPECT_EQ(progress.bytes, size_bytes) << "message " << index;
      EXPECT_EQ(progress.copy, CopyReport::unreported);
      expect_received(index);
    }
  }
}

/// Larger than any pipe: several rounds, each of them whole.
TEST_F(SendfileRingTest, AMessageLargerThanThePipeIsContinued) {
  constexpr std::uint64_t kSize = (3U << 20U) + 5;
  open("sendfile", {.size_bytes = kSize});
  if (IsSkipped()) return;
  Payload payload = message(1);
  std::thread reader([&] { expect_received(1); });
  while (payload.left_bytes() > 0) {
    const SendProgress progress = attempt(payload);
    if (progress.state != SendState::done) break;
    payload.skip_bytes += progress.bytes;
  }
  reader.join();
  EXPECT_EQ(payload.left_bytes(), 0U);
}

TEST_F(SendfileRingTest, ADeadPeerIsAFailureOfTheConnection) {
  std::signal(SIGPIPE, SIG_IGN);  // a splice knows no MSG_NOSIGNAL
  open("sendfile", {.size_bytes = 1000});
  if (IsSkipped()) return;
  pair_.client.reset();
  EXPECT_EQ(attempt(message(0)).bytes, 1000U) << "goes before the peer can answer";
  SendProgress progress;
  while (progress.state == SendState::done) progress = attempt(message(1));
  EXPECT_EQ(progress.state, SendState::failed);
  EXPECT_THAT(progress.error, testing::AnyOf(EPIPE, ECONNRESET));
}

}  // namespace
}  // namespace ub::path
