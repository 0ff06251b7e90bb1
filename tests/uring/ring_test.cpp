#include "uringbench/uring/ring.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cerrno>
#include <vector>

#include "uringbench/base/mapped_memory.hpp"
#include "uringbench/uring/probe.hpp"

namespace ub::uring {
namespace {

using testing::AllOf;
using testing::HasSubstr;

class RingTest : public testing::Test {
 protected:
  void SetUp() override {
    const Probe probe = Probe::run();
    const Finding& ring = probe.of(Feature::ring);
    if (!ring.present()) GTEST_SKIP() << ring.detail;
  }

  static void nop(Ring& ring, std::uint64_t user_data) {
    io_uring_sqe& sqe = ring.next_sqe();
    ::io_uring_prep_nop(&sqe);
    sqe.user_data = user_data;
  }

  static std::vector<std::uint64_t> completed(Ring& ring) {
    std::vector<std::uint64_t> user_data;
    ring.for_each_completion(
        [&](const Completion& completion) { user_data.push_back(completion.user_data); });
    return user_data;
  }
};

TEST_F(RingTest, SomeRungOfTheLadderIsGranted) {
  const Ring ring({.sq_entries = 8, .cq_entries = 64});
  const Probe probe = Probe::run();
  const bool defer = probe.of(Feature::defer_taskrun).present();
  const bool coop = probe.of(Feature::coop_taskrun).present();
  EXPECT_EQ(ring.task_run(), defer ? TaskRun::defer : coop ? TaskRun::coop : TaskRun::plain);
  EXPECT_EQ(ring.registered_fd(), probe.of(Feature::registered_ring_fd).present());
  EXPECT_EQ(ring.cq_entries(), 64U);
}

TEST_F(RingTest, EveryTaskRunModeHasItsName) {
  EXPECT_EQ(to_text(TaskRun::defer), "DEFER_TASKRUN");
  EXPECT_EQ(to_text(TaskRun::coop), "COOP_TASKRUN");
  EXPECT_EQ(to_text(TaskRun::plain), "plain");
}

TEST_F(RingTest, CompletesWhatIsSubmitted) {
  Ring ring({.sq_entries = 8, .cq_entries = 64});
  nop(ring, 7);
  ring.submit_and_wait();
  EXPECT_THAT(completed(ring), testing::ElementsAre(7));
  EXPECT_THAT(completed(ring), testing::IsEmpty()) << "each is seen once";
}

TEST_F(RingTest, AFullSubmissionQueueIsFlushed) {
  Ring ring({.sq_entries = 4, .cq_entries = 64});
  for (std::uint64_t i = 0; i < 10; ++i) nop(ring, i);
  ring.submit_and_wait();
  EXPECT_EQ(completed(ring).size(), 10U);
  EXPECT_EQ(ring.enters(), 3U);
}

TEST_F(RingTest, ReservedEntriesGoInOneSubmission) {
  Ring ring({.sq_entries = 4, .cq_entries = 64});
  for (std::uint64_t i = 0; i < 3; ++i) nop(ring, i);
  ring.reserve(2);
  EXPECT_EQ(ring.enters(), 1U);
  nop(ring, 3);
  nop(ring, 4);
  EXPECT_EQ(ring.enters(), 1U);
}

TEST_F(RingTest, AWaitEndsWithoutACompletionWhenItsTimeIsUp) {
  Ring ring({.sq_entries = 4, .cq_entries = 64});
  EXPECT_FALSE(ring.submit_and_wait(1'000'000));
  nop(ring, 1);
  EXPECT_TRUE(ring.submit_and_wait(10'000'000'000));
}

/// A handler that goes on at once, as the reactor's does, gets each completion once and never runs
/// the queue over, however small the queues are.
TEST_F(RingTest, AHandlerThatSubmitsNeitherLoopsNorOverflows) {
  constexpr std::uint64_t kInFlight = 64;
  Ring ring({.sq_entries = 8, .cq_entries = kInFlight});
  for (std::uint64_t i = 0; i < kInFlight; ++i) nop(ring, i);
  for (int round = 0; round < 10; ++round) {
    ring.submit_and_wait();
    std::uint64_t handled = 0;
    ring.for_each_completion([&](const Completion& completion) {
      ++handled;
      nop(ring, completion.user_data);
    });
    EXPECT_LE(handled, kInFlight);
  }
  EXPECT_EQ(ring.overflows(), 0U);
}

TEST_F(RingTest, RegisteredMemoryCanBeWritten) {
  Ring ring({.sq_entries = 4, .cq_entries = 64});
  const MappedMemory memory = MappedMemory::anonymous(4096);
  EXPECT_TRUE(ring.register_buffer(BufferSlot{0}, {memory.data(), memory.size()}).ok());
  EXPECT_TRUE(ring.register_buffer(BufferSlot{1}, {memory.data(), memory.size()}).ok());
}

}  // namespace
}  // namespace ub::uring
