#include "held_window.hpp"

#include <gtest/gtest.h>

namespace ub::engine {
namespace {

/// Begins an operation, of which `attempts` hold their buffer, and ends it; how many left the
/// window.
std::uint32_t send(HeldWindow& window, int attempts) {
  window.begin();
  for (; attempts > 0; --attempts) window.hold(100);
  return window.end();
}

TEST(HeldWindowTest, AnOperationThatHoldsNothingLeavesWhenItEnds) {
  HeldWindow window(1);
  window.begin();
  EXPECT_FALSE(window.has_room());
  EXPECT_EQ(window.end(), 1U);
  EXPECT_TRUE(window.has_room());
}

TEST(HeldWindowTest, AnOperationThatHoldsABufferStaysUntilItIsReleased) {
  HeldWindow window(2);
  EXPECT_EQ(send(window, 1), 0U);
  EXPECT_TRUE(window.has_room());
  EXPECT_EQ(send(window, 1), 0U);
  EXPECT_FALSE(window.has_room());
  EXPECT_EQ(window.release(0), 1U);
  EXPECT_TRUE(window.has_room());
  EXPECT_EQ(window.attempts_held(), 1U);
}

TEST(HeldWindowTest, AnyNumberOfOperationsMayBeItsCapacity) {
  HeldWindow window(3, ~std::uint32_t{0});
  for (int i = 0; i < 3; ++i) send(window, 1);
  EXPECT_FALSE(window.has_room());
  EXPECT_EQ(window.release(~std::uint32_t{0}), 1U);
  EXPECT_TRUE(window.has_room());
}

TEST(HeldWindowTest, BytesOfAnOperationAreHeldUntilItsLastAttemptIsBack) {
  HeldWindow window(2);
  send(window, 3);
  send(window, 1);
  EXPECT_EQ(window.bytes_held(), 400U);
  window.release(0);
  window.release(0);
  EXPECT_EQ(window.bytes_held(), 400U);
  window.release(0);
  EXPECT_EQ(window.bytes_held(), 100U);
  window.release(1);
  EXPECT_EQ(window.bytes_held(), 0U);
}

TEST(HeldWindowTest, EveryAttemptOfAnOperationMustComeBack) {
  HeldWindow window(2);
  EXPECT_EQ(send(window, 3), 0U);
  EXPECT_EQ(window.attempts_held(), 3U);
  EXPECT_EQ(window.release(0), 0U);
  EXPECT_EQ(window.release(0), 0U);
  EXPECT_EQ(window.release(0), 1U);
  EXPECT_EQ(window.attempts_held(), 0U);
}

TEST(HeldWindowTest, AnAttemptMayComeBackWhileTheOperationGoesOn) {
  HeldWindow window(2);
  window.begin();
  window.hold(100);
  EXPECT_EQ(window.release(0), 0U) << "the operation is not over";
  window.hold(100);
  EXPECT_EQ(window.end(), 0U);
  EXPECT_EQ(window.release(0), 1U);
}

TEST(HeldWindowTest, ReleasesOutOfOrderWaitForTheOldest) {
  HeldWindow window(4);
  for (int i = 0; i < 4; ++i) send(window, 1);
  EXPECT_EQ(window.release(2), 0U);
  EXPECT_EQ(window.release(1), 0U);
  EXPECT_FALSE(window.has_room());
  EXPECT_EQ(window.release(0), 3U);
  EXPECT_EQ(window.release(3), 1U);
}

TEST(HeldWindowTest, TheWindowMovesUpToTheOperationThatIsStillOpen) {
  HeldWindow window(4);
  send(window, 1);
  window.begin();
  EXPECT_EQ(window.release(0), 1U);
  EXPECT_EQ(window.end(), 1U);
}

TEST(HeldWindowTest, ADoubleReleaseIsNoticed) {
  HeldWindow window(4);
  send(window, 1);
  send(window, 1);
  EXPECT_EQ(window.release(1), 0U);
  EXPECT_EQ(window.release(1), std::nullopt);
  EXPECT_EQ(window.release(0), 2U);
  EXPECT_EQ(window.release(0), std::nullopt);
  EXPECT_EQ(window.attempts_held(), 0U);
}

TEST(HeldWindowTest, AReleaseOfWhatWasNeverBegunIsNoticed) {
  HeldWindow window(4);
  EXPECT_EQ(window.release(0), std::nullopt);
  send(window, 1);
  EXPECT_EQ(window.release(1), std::nullopt);
  EXPECT_EQ(window.release(4), std::nullopt) << "the same slot, another operation";
  EXPECT_EQ(window.release(0xffffffff), std::nullopt);
  EXPECT_EQ(window.attempts_held(), 1U);
}

TEST(HeldWindowTest, NumbersWrapAtTwoToTheThirtyTwo) {
  HeldWindow window(4, 0xfffffffe);
  for (int i = 0; i < 4; ++i) send(window, 1);  // 0xfffffffe, 0xffffffff, 0, 1
  EXPECT_FALSE(window.has_room());
  EXPECT_EQ(window.release(2), std::nullopt);
  EXPECT_EQ(window.release(0), 0U);
  EXPECT_EQ(window.release(0xffffffff), 0U);
  EXPECT_EQ(window.release(0xfffffffe), 3U);
  EXPECT_EQ(window.release(1), 1U);
  EXPECT_EQ(window.attempts_held(), 0U);
}

TEST(HeldWindowDeathTest, ItsRulesAreChecked) {
  EXPECT_DEATH(HeldWindow(0), "an operation at least");
  HeldWindow window(1);
  window.begin();
  EXPECT_DEATH(window.begin(), "has room");
}

}  // namespace
}  // namespace ub::engine
