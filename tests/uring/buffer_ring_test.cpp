#include "uringbench/uring/buffer_ring.hpp"

#include <gtest/gtest.h>

#include <array>
#include <optional>
#include <string>
#include <string_view>

#include "trial.hpp"
#include "uringbench/uring/probe.hpp"

namespace ub::uring {
namespace {

class BufferRingTest : public testing::Test {
 protected:
  void SetUp() override {
    const Probe probe = Probe::run();
    const Finding& found = probe.of(Feature::buffer_ring);
    if (!found.present()) GTEST_SKIP() << found.detail;
    ring_.emplace(RingOptions{.sq_entries = 8, .cq_entries = 64});
  }

  static std::span<const std::byte> bytes_of(std::string_view text) {
    return std::as_bytes(std::span(text));
  }

  /// One send of the next buffer of `group`; its entry number.
  std::uint32_t send_next(std::uint16_t group) {
    io_uring_sqe& sqe = ring_->next_sqe();
    ::io_uring_prep_send(&sqe, pair_.server.get(), nullptr, 0, MSG_WAITALL);
    sqe.flags |= IOSQE_BUFFER_SELECT;
    sqe.buf_group = group;
    ring_->submit_and_wait();
    std::uint32_t entry = ~0U;
    ring_->for_each_completion([&](const Completion& completion) {
      EXPECT_GT(completion.result, 0);
      entry = completion.flags >> IORING_CQE_BUFFER_SHIFT;
    });
    return entry;
  }

  std::string receive() {
    std::array<char, 64> text{};
    const ssize_t got = ::recv(pair_.client.get(), text.data(), text.size(), 0);
    return got < 0 ? "" : std::string(text.data(), static_cast<std::size_t>(got));
  }

  std::optional<Ring> ring_;
  TrialPair pair_ = make_trial_pair();
};

TEST_F(BufferRingTest, TheKernelTakesEntriesInOrderAndNamesThem) {
  BufferRing buffers(*ring_, 3, 4);
  EXPECT_EQ(buffers.group(), 3);
  EXPECT_EQ(buffers.entries(), 4);
  buffers.write(0, bytes_of("first"));
  buffers.write(1, bytes_of("second"));
  buffers.publish(2);
  EXPECT_EQ(buffers.next_taken().value, 0);
  EXPECT_EQ(send_next(3), 0U);
  EXPECT_EQ(receive(), "first");
  EXPECT_EQ(buffers.next_taken().value, 1);
  EXPECT_EQ(send_next(3), 1U);
  EXPECT_EQ(receive(), "second");
}

/// The entry at index 0 shares its memory with the ring's tail.
TEST_F(BufferRingTest, EntriesAreReusedRoundTheRing) {
  BufferRing buffers(*ring_, 0, 2);
  for (std::uint16_t position = 0; position < 10; ++position) {
    const std::string text = "entry " + std::to_string(position);
    buffers.write(position, bytes_of(text));
    buffers.publish(static_cast<std::uint16_t>(position + 1));
    EXPECT_EQ(send_next(0), position);
    EXPECT_EQ(receive(), text);
  }
}

TEST_F(BufferRingTest, AnEntryIsNotSeenBeforeItIsPublished) {
  BufferRing buffers(*ring_, 0, 2);
  buffers.write(0, bytes_of("early"));
  const SysResult result = try_operation(*ring_, [&](io_uring_sqe& sqe) {
    ::io_uring_prep_send(&sqe, pair_.server.get(), nullptr, 0, 0);
    sqe.flags |= IOSQE_BUFFER_SELECT;
    sqe.buf_group = 0;
  });
  EXPECT_EQ(result.error, ENOBUFS);
}

TEST_F(BufferRingTest, AGroupIsFreeAgainWhenItsRingIsGone) {
  { const BufferRing buffers(*ring_, 5, 4); }
  const BufferRing again(*ring_, 5, 8);
  EXPECT_THROW(BufferRing(*ring_, 5, 4), SetupError) << "taken";
}

}  // namespace
}  // namespace ub::uring
