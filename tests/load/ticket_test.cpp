#include "ticket.hpp"

#include <gtest/gtest.h>

namespace ub::load {
namespace {

class TicketQueueTest : public testing::Test {
 protected:
  void push(std::uint64_t planned_ns) {
    const std::uint32_t ticket = pool_.take();
    pool_[ticket].planned_ns = planned_ns;
    queue_.push(pool_, ticket);
  }

  /// How many tickets are in the pool.
  std::uint32_t free() {
    std::vector<std::uint32_t> taken;
    while (!pool_.empty()) taken.push_back(pool_.take());
    for (const std::uint32_t ticket : taken) pool_.give(ticket);
    return static_cast<std::uint32_t>(taken.size());
  }

  TicketPool pool_{5};
  TicketQueue queue_;
};

TEST_F(TicketQueueTest, FirstInFirstOut) {
  for (const std::uint64_t planned : {10U, 20U, 30U}) push(planned);
  EXPECT_EQ(queue_.due(), 3U);
  EXPECT_EQ(queue_.first_due(pool_).planned_ns, 10U);
  queue_.mark_sent(pool_);
  EXPECT_EQ(queue_.first_due(pool_).planned_ns, 20U);
  queue_.mark_sent(pool_);
  EXPECT_EQ(queue_.in_flight(), 2U);
  EXPECT_EQ(queue_.due(), 1U);
  EXPECT_EQ(queue_.answer(pool_).planned_ns, 10U);
  EXPECT_EQ(queue_.answer(pool_).planned_ns, 20U);
  EXPECT_EQ(queue_.in_flight(), 0U);
  queue_.mark_sent(pool_);
  EXPECT_EQ(queue_.answer(pool_).planned_ns, 30U);
  EXPECT_EQ(free(), 5U);
}

TEST_F(TicketQueueTest, GoesOnAfterItWasEmpty) {
  for (std::uint64_t round = 0; round < 20; ++round) {
    push(round);
    queue_.mark_sent(pool_);
    push(round + 100);
    EXPECT_EQ(queue_.answer(pool_).planned_ns, round);
    EXPECT_EQ(queue_.first_due(pool_).planned_ns, round + 100);
    queue_.mark_sent(pool_);
    EXPECT_EQ(queue_.answer(pool_).planned_ns, round + 100);
  }
  EXPECT_EQ(free(), 5U);
}

TEST_F(TicketQueueTest, ThePoolIsFiniteAndTicketsComeBackBlank) {
  for (std::uint64_t planned = 1; planned <= 5; ++planned) push(planned);
  EXPECT_TRUE(pool_.empty());
  queue_.mark_sent(pool_);
  queue_.answer(pool_);
  ASSERT_FALSE(pool_.empty());
  const Ticket& again = pool_[pool_.take()];
  EXPECT_EQ(again.planned_ns, 0U);
  EXPECT_FALSE(again.counted);
}

TEST_F(TicketQueueTest, DropsTheNewestThatAreDue) {
  for (const std::uint64_t planned : {1U, 2U, 3U, 4U}) push(planned);
  queue_.mark_sent(pool_);
  EXPECT_EQ(queue_.drop_due(pool_, 1), 2U);
  EXPECT_EQ(queue_.drop_due(pool_, 1), 0U);
  EXPECT_EQ(free(), 3U);
  push(5);
  EXPECT_EQ(queue_.answer(pool_).planned_ns, 1U);
  EXPECT_EQ(queue_.first_due(pool_).planned_ns, 2U);
  queue_.mark_sent(pool_);
  EXPECT_EQ(queue_.first_due(pool_).planned_ns, 5U);
}

TEST_F(TicketQueueTest, ClearGivesEverythingBack) {
  for (const std::uint64_t planned : {1U, 2U, 3U}) push(planned);
  queue_.mark_sent(pool_);
  queue_.clear(pool_);
  EXPECT_EQ(queue_.due() + queue_.in_flight(), 0U);
  EXPECT_EQ(free(), 5U);
  push(9);
  EXPECT_EQ(queue_.first_due(pool_).planned_ns, 9U);
}

}  // namespace
}  // namespace ub::load
