// How the bundle path goes on after the kernel took less than it was offered.
#include <sys/socket.h>

#include <array>
#include <vector>

#include "ring_fixture.hpp"

namespace ub::path {
namespace {

constexpr std::uint32_t kBatch = 64;

class BundleRingTest : public RingPathTest {
 protected:
  void open_with(std::uint64_t size_bytes) {
    open("bundle", {.size_bytes = size_bytes, .working_set_bytes = 1, .batch = kBatch});
  }

  [[nodiscard]] Payload batch() const { return {.messages = messages_.get(), .count = kBatch}; }

  void start(const Payload& payload) {
    Submission submission(*ring_, 0);
    path_->prepare(payload, submission);
  }

  /// Ends the send that nobody reads, in its middle.
  void cancel() {
    io_uring_sqe& sqe = ring_->next_sqe();
    ::io_uring_prep_cancel_fd(&sqe, pair_.server.get(), IORING_ASYNC_CANCEL_ALL);
    sqe.user_data = kCancel;
  }

  /// Bytes that the send took until its last completion.
  std::uint64_t taken() {
    std::uint64_t bytes = 0;
    bool more = true;
    while (more) {
      ring_->submit_and_wait();
      ring_->for_each_completion([&](const uring::Completion& completion) {
        if (completion.user_data == kCancel) return;
        bytes += path_->complete({}, completion, releases_).bytes;
        more = completion.more();
      });
    }
    return bytes;
  }

  /// Takes what is there without waiting.
  void drain(std::vector<std::byte>& into) {
    std::array<std::byte, 65536> buffer;
    for (;;) {
      const ssize_t got = ::recv(pair_.client.get(), buffer.data(), buffer.size(), MSG_DONTWAIT);
      if (got <= 0) return;
      into.insert(into.end(), buffer.begin(), buffer.begin() + got);
    }
  }

  static constexpr std::uint64_t kCancel = ~0ULL;
};

TEST_F(BundleRingTest, AnInterruptedBundleGoesOnAtItsVeryByte) {
  // Odd, so that the kernel stops inside a message; more than the sockets hold.
  open_with(1'000'003);
  if (IsSkipped()) return;
  Payload payload = batch();
  std::vector<std::byte> received;
  int interruptions = 0;
  while (payload.left_bytes() > 0) {
    start(payload);
    ring_->submit_and_wait(1);
    cancel();
    payload.skip_bytes += taken();
    if (payload.left_bytes() > 0) ++interruptions;
    drain(received);
  }
  while (received.size() < payload.total_bytes()) drain(received);
  EXPECT_GT(interruptions, 3);
  const auto sent = messages_->region().first(payload.total_bytes());
  ASSERT_EQ(received.size(), sent.size());
  EXPECT_TRUE(std::equal(sent.begin(), sent.end(), received.begin()));
}

/// Positions in the ring of buffers are 16 bits wide.
TEST_F(BundleRingTest, PositionsWrap) {
  open_with(10);
  if (IsSkipped()) return;
  std::vector<std::byte> received;
  const auto sent = messages_->region().first(batch().total_bytes());
  for (std::uint32_t messages = 0; messages < (1U << 16U) + 3 * kBatch; messages += kBatch) {
    start(batch());
    ASSERT_EQ(taken(), sent.size());
    received.clear();
    while (received.size() < sent.size()) drain(received);
    ASSERT_TRUE(std::equal(sent.begin(), sent.end(), received.begin(), received.end()));
  }
}

}  // namespace
}  // namespace ub::path
