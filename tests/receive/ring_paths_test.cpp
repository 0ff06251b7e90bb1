// What is particular to one ring path, on the kernel itself.
#include <gtest/gtest.h>
#include <poll.h>

#include "drain.hpp"
#include "tcp.hpp"

namespace ub::receive {
namespace {

/// One connection, and one completion at a time.
class RingPathTest : public testing::Test {
 protected:
  void make(std::string_view name, std::uint64_t buffer_bytes) {
    const Descriptor& path = *find(name);
    if (const auto reason = why_unavailable(EngineKind::uring, path, probe())) {
      GTEST_SKIP() << *reason;
    }
    shared_ = path.make_shared({.ring = &ring_, .connections = 3, .buffer_bytes = buffer_bytes});
    path_ = path.make_ring({.ring = &ring_,
                            .shared = shared_.get(),
                            .fd = pair_.receiver.get(),
                            .connection = 2,
                            .buffer_bytes = buffer_bytes});
  }

  /// Sends the next `bytes` of the pattern and waits until they are there.
  void send(std::uint64_t bytes) {
    const auto all = pattern(0, sent_ + bytes);
    ASSERT_TRUE(send_all(pair_.sender.get(), std::span(all).subspan(sent_)));
    sent_ += bytes;
    pollfd readable{.fd = pair_.receiver.get(), .events = POLLIN, .revents = 0};
    ASSERT_EQ(::poll(&readable, 1, 30'000), 1);
  }

  /// The bytes of the next completion.
  std::uint64_t receive() {
    if (armed_ == Armed::no) path_->arm(ring_.next_sqe());
    std::uint64_t bytes = 0;
    ring_.submit_and_wait();
    ring_.for_each_completion([&](const uring::Completion& completion) {
      const ReceiveProgress progress = path_->complete(completion, sink_);
      armed_ = progress.armed;
      bytes += progress.bytes;
    });
    return bytes;
  }

  void expect_all_received() const {
    EXPECT_EQ(sink_.bytes(), sent_);
    EXPECT_EQ(sink_.mismatch(), std::nullopt);
  }

  TcpPair pair_ = make_tcp_pair();
  uring::Ring ring_{uring::RingOptions{.sq_entries = 4, .cq_entries = 64}};
  std::unique_ptr<RingShared> shared_;
  std::unique_ptr<RingReceive> path_;
  VerifyingSink sink_;
  Armed armed_ = Armed::no;
  std::uint64_t sent_ = 0;
};

/// The sending half may have registered its messages on the same ring.
TEST_F(RingPathTest, ReadFixedRegistersBesideTheMessages) {
  std::vector<std::byte> messages(4096);
  ASSERT_TRUE(ring_.register_buffer(uring::BufferSlot::send, messages).ok());
  make("read-fixed", 100);
  if (IsSkipped()) return;
  send(100);
  EXPECT_EQ(receive(), 100U);
  expect_all_received();
}

TEST_F(RingPathTest, ABundleSpansBuffers) {
  make("bundle", 1000);
  if (IsSkipped()) return;
  send(3500);
  while (sink_.bytes() < 3500) ASSERT_GT(receive(), 0U);
  EXPECT_GE(sink_.pieces().size(), 4U);
  EXPECT_EQ(sink_.pieces().front(), 1000U);
  EXPECT_EQ(shared_->buffers_free(), shared_->buffers());
  expect_all_received();
}

/// Remembers where it was shown bytes.
class PlaceSink final : public ByteSink {
 public:
  void take(std::span<const std::byte> bytes) override {
    if (next_ != bytes.data()) ++jumps_;
    next_ = bytes.data() + bytes.size();
  }
  [[nodiscard]] int jumps() const { return jumps_; }

 private:
  const std::byte* next_ = nullptr;
  int jumps_ = 0;
};

TEST_F(RingPathTest, SmallReceivesShareAnIncrementalBuffer) {
  make("incremental", 1000);
  if (IsSkipped()) return;
  PlaceSink places;
  path_->arm(ring_.next_sqe());
  for (int i = 0; i < 10; ++i) {
    send(100);
    ring_.submit_and_wait();
    ring_.for_each_completion([&](const uring::Completion& completion) {
      EXPECT_EQ(path_->complete(completion, places).bytes, 100U);
    });
    EXPECT_EQ(shared_->buffers_free(), shared_->buffers());
  }
  EXPECT_EQ(places.jumps(), 1) << "ten pieces, one after the other";
}

}  // namespace
}  // namespace ub::receive
