// What the ring's zero-copy paths read out of their two completions.
#include <cerrno>

#include "ring_fixture.hpp"
#include "uringbench/uring/abi.hpp"

namespace ub::path {
namespace {

constexpr std::uint32_t kMore = IORING_CQE_F_MORE;
constexpr std::uint32_t kNotification = IORING_CQE_F_NOTIF;
constexpr auto kCopied = static_cast<std::int32_t>(abi::kNotifUsageZcCopied);

class RingZerocopyTest : public RingPathTest {};

TEST_F(RingZerocopyTest, AnAcceptedSendHoldsItsBufferUntilTheNotification) {
  open("send-zc");
  if (IsSkipped()) return;
  const Label label = prepare(message(5));
  const SendProgress progress = complete(label, 1000, kMore);
  EXPECT_EQ(progress.state, SendState::done);
  EXPECT_EQ(progress.bytes, 1000U);
  EXPECT_EQ(progress.buffer, BufferState::held);
  EXPECT_EQ(complete(label, 0, kNotification).state, SendState::unchanged);
  ASSERT_EQ(releases_.size(), 1U);
  EXPECT_EQ(releases_[0].operation, 5U);
  EXPECT_EQ(releases_[0].copy, CopyReport::real);
}

TEST_F(RingZerocopyTest, TheNotificationSaysWhetherItWasCopied) {
  open("send-zc");
  if (IsSkipped()) return;
  const Label label = prepare(message(0));
  complete(label, 1000, kMore);
  complete(label, kCopied, kNotification);
  ASSERT_EQ(releases_.size(), 1U);
  EXPECT_EQ(releases_[0].copy, CopyReport::copied);
}

TEST_F(RingZerocopyTest, AKernelThatCannotSayIsNotTakenForNotCopied) {
  open("send-zc", {.size_bytes = 1000}, Usage::unreported);
  if (IsSkipped()) return;
  const Label label = prepare(message(0));
  complete(label, 1000, kMore);
  complete(label, 0, kNotification);
  ASSERT_EQ(releases_.size(), 1U);
  EXPECT_EQ(releases_[0].copy, CopyReport::unreported);
}

TEST_F(RingZerocopyTest, AShortSendHoldsTheBufferOnceAnAttempt) {
  open("send-zc");
  if (IsSkipped()) return;
  Payload payload = message(5);
  const Label first = prepare(payload);
  EXPECT_EQ(complete(first, 400, kMore).buffer, BufferState::held);
  payload.skip_bytes = 400;
  const Label second = prepare(payload);
  EXPECT_EQ(complete(second, 600, kMore).buffer, BufferState::held);
  complete(second, kCopied, kNotification);
  complete(first, kCopied, kNotification);
  EXPECT_EQ(releases_.size(), 2U);
}

/// -ENOMEM when the user's locked memory is used up, with F_MORE and a notification all the same.
TEST_F(RingZerocopyTest, ARefusedSendHoldsNothingAndReleasesNothing) {
  open("send-zc");
  if (IsSkipped()) return;
  const Label label = prepare(message(5));
  const SendProgress progress = complete(label, -ENOMEM, kMore);
  EXPECT_EQ(progress.state, SendState::starved);
  EXPECT_EQ(progress.error, ENOMEM);
  EXPECT_EQ(progress.buffer, BufferState::free);
  EXPECT_EQ(complete(label, kCopied, kNotification).state, SendState::unchanged);
  EXPECT_TRUE(releases_.empty());
}

TEST_F(RingZerocopyTest, TheNotificationOfARefusedSendIsNotTakenForAnother) {
  open("send-zc");
  if (IsSkipped()) return;
  const Payload payload = message(5);
  const Label refused = prepare(payload);
  complete(refused, -ENOMEM, kMore);
  const Label repeated = prepare(payload);
  EXPECT_NE(refused, repeated);
  EXPECT_EQ(complete(repeated, 1000, kMore).buffer, BufferState::held);
  complete(repeated, 0, kNotification);
  EXPECT_EQ(releases_.size(), 1U);
  complete(refused, kCopied, kNotification);
  EXPECT_EQ(releases_.size(), 1U);
}

TEST_F(RingZerocopyTest, WithoutANotificationTheBufferIsFreeAtOnce) {
  open("send-zc");
  if (IsSkipped()) return;
  const SendProgress progress = complete(prepare(message(5)), 1000);
  EXPECT_EQ(progress.buffer, BufferState::free);
  EXPECT_EQ(progress.copy, CopyReport::unreported);
}

TEST_F(RingZerocopyTest, ADeadPeerIsAFailureOfTheConnection) {
  open("sendmsg-zc");
  if (IsSkipped()) return;
  const SendProgress progress = complete(prepare(message(5)), -EPIPE, kMore);
  EXPECT_EQ(progress.state, SendState::failed);
  EXPECT_EQ(progress.error, EPIPE);
  EXPECT_EQ(progress.buffer, BufferState::free);
}

}  // namespace
}  // namespace ub::path
