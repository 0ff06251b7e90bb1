// The order in which a ring's msg-zerocopy path may see its completions.
#include <poll.h>

#include <vector>

#include "ring_fixture.hpp"
#include "uringbench/base/clock.hpp"
#include "uringbench/net/poll.hpp"

namespace ub::path {
namespace {

class MsgZerocopyRingTest : public RingPathTest {
 protected:
  void SetUp() override {
    open("msg-zerocopy");
    if (IsSkipped()) return;
    Submission submission(*ring_, 0);
    path_->watch(submission);
    watch_ = label_of(ring_->raw()->sq.sqes[0].user_data);
  }

  /// Sends one message for real and waits until its notification is on the error queue; its
  /// completion is left for the test to tell.
  Label send_and_be_notified(std::uint32_t operation) {
    const Label label = prepare(message(operation));
    ring_->submit_and_wait();
    std::vector<std::byte> sink(messages_->size_bytes());
    EXPECT_GT(::recv(pair_.client.get(), sink.data(), sink.size(), 0), 0);
    pollfd notified{.fd = pair_.server.get(), .events = 0, .revents = 0};
    EXPECT_EQ(net::poll_until({&notified, 1}, now_ns() + 10'000'000'000).value, 1);
    return label;
  }

  Label watch_;
};

TEST_F(MsgZerocopyRingTest, NotifiedBeforeItsOwnCompletionIsSeen) {
  const Label send = send_and_be_notified(7);
  // POLLERR of an earlier send, reaped in one go with, but before, the completion of this one.
  EXPECT_EQ(complete(watch_, POLLERR, IORING_CQE_F_MORE).state, SendState::unchanged);
  EXPECT_TRUE(releases_.empty());
  const SendProgress progress = complete(send, 1000);
  EXPECT_EQ(progress.state, SendState::done);
  EXPECT_EQ(progress.buffer, BufferState::held);
  ASSERT_EQ(releases_.size(), 1U);
  EXPECT_EQ(releases_.front().operation, 7U);
  EXPECT_EQ(releases_.front().copy, CopyReport::copied);
}

TEST_F(MsgZerocopyRingTest, NotifiedAfterItsCompletion) {
  const Label send = send_and_be_notified(7);
  EXPECT_EQ(complete(send, 1000).buffer, BufferState::held);
  EXPECT_TRUE(releases_.empty());
  EXPECT_EQ(complete(watch_, POLLERR, IORING_CQE_F_MORE).state, SendState::unchanged);
  EXPECT_EQ(releases_.size(), 1U);
}

TEST_F(MsgZerocopyRingTest, AWatchThatEndedIsToBeArmedAgain) {
  EXPECT_EQ(complete(watch_, POLLERR, IORING_CQE_F_MORE).watch, Watch::armed);
  EXPECT_EQ(complete(watch_, POLLERR).watch, Watch::ended);
}

TEST_F(MsgZerocopyRingTest, AWatchThatFailsEndsTheConnection) {
  const SendProgress progress = complete(watch_, -ENOMEM);
  EXPECT_EQ(progress.state, SendState::failed);
  EXPECT_EQ(progress.error, ENOMEM);
  EXPECT_EQ(progress.watch, Watch::armed) << "nothing is to be armed again";
}

TEST_F(MsgZerocopyRingTest, ASendThatTookNothingHoldsNothing) {
  const Label send = prepare(message(3));
  const SendProgress progress = complete(send, -ENOBUFS);
  EXPECT_EQ(progress.state, SendState::starved);
  EXPECT_EQ(progress.error, ENOBUFS);
  EXPECT_EQ(progress.buffer, BufferState::free);
}

}  // namespace
}  // namespace ub::path
