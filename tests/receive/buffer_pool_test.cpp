#include <gtest/gtest.h>

#include "drain.hpp"
#include "pattern.hpp"
#include "pooled_receive.hpp"

namespace ub::receive {
namespace {

struct CountCase {
  std::uint32_t connections;
  std::uint64_t buffer_bytes;
  std::uint64_t memory_bytes;
  std::uint16_t count;
};

TEST(BufferCount, TwoAConnectionAsFarAsMemoryGoes) {
  const std::array cases = {
      CountCase{1, 4096, kSharedMemoryBytes, 512},
      CountCase{256, 4096, kSharedMemoryBytes, 512},
      CountCase{257, 4096, kSharedMemoryBytes, 1024},
      CountCase{1, 16U << 10U, kSharedMemoryBytes, 256},
      CountCase{1, 64U << 10U, kSharedMemoryBytes, 64},
      CountCase{33, 64U << 10U, kSharedMemoryBytes, 128},
      CountCase{64, 256U << 10U, kSharedMemoryBytes, 64},
      CountCase{1000, 64U << 10U, kSharedMemoryBytes, 256},
      CountCase{60'000, 64, kSharedMemoryBytes, 32'768},
      CountCase{1, 1U << 30U, kSharedMemoryBytes, 1},
      CountCase{1, 4097, 4 * 8192, 4},
      CountCase{1, 1, 64 * 3, 2},
      CountCase{1, 4096, 0, 1},
  };
  for (const CountCase& one : cases) {
    EXPECT_EQ(buffer_count({.connections = one.connections,
                            .buffer_bytes = one.buffer_bytes,
                            .memory_bytes = one.memory_bytes}),
              one.count)
        << one.connections << " x " << one.buffer_bytes << " in " << one.memory_bytes;
  }
}

TEST(ReceiveBuffers, BeginOnPagesOrLines) {
  EXPECT_EQ(stride_of(1), 64U);
  EXPECT_EQ(stride_of(65), 128U);
  EXPECT_EQ(stride_of(4096), 4096U);
  EXPECT_EQ(stride_of(4097), 8192U);
}

/// A piece that was shown: of which buffer, how long.
using Piece = std::pair<std::ptrdiff_t, std::size_t>;
using Pieces = std::vector<Piece>;

/// Tells pieces by where they lie in buffers of 100 bytes, 128 apart.
class PieceSink final : public ByteSink {
 public:
  explicit PieceSink(const std::byte* begin) : begin_(begin) {}

  void take(std::span<const std::byte> bytes) override {
    pieces_.emplace_back((bytes.data() - begin_) / 128, bytes.size());
  }
  [[nodiscard]] const Pieces& pieces() const { return pieces_; }

 private:
  const std::byte* begin_;
  Pieces pieces_;
};

/// Completions made by hand on four buffers that hold nothing: where would they find their bytes?
class HandMadeCompletions : public testing::Test {
 protected:
  void make(std::string_view name) {
    const Descriptor* path = find(name);
    if (const auto reason = why_unavailable(EngineKind::uring, *path, probe())) {
      GTEST_SKIP() << *reason;
    }
    shared_ = path->make_shared({.ring = &ring_, .buffer_bytes = 100, .memory_bytes = 4 * 128});
    path_ = path->make_ring({.ring = &ring_, .shared = shared_.get(), .buffer_bytes = 100});
  }

  BufferPool& pool() { return dynamic_cast<BufferPool&>(*shared_); }

  /// What a completion of `bytes` from buffer `id` on shows.
  Pieces pieces_of(std::uint32_t id, std::int32_t bytes, std::uint32_t more = 0) {
    PieceSink sink(pool().bytes_of(0).data());
    const std::uint32_t flags = (id << IORING_CQE_BUFFER_SHIFT) | IORING_CQE_F_BUFFER | more;
    last_ = path_->complete({.result = bytes, .flags = flags}, sink);
    return sink.pieces();
  }

  uring::Ring ring_{uring::RingOptions{.sq_entries = 4, .cq_entries = 8}};
  std::unique_ptr<RingShared> shared_;
  std::unique_ptr<RingReceive> path_;
  ReceiveProgress last_;
};

TEST_F(HandMadeCompletions, ABundleFollowsTheOrderOfGiving) {
  make("bundle");
  if (IsSkipped()) return;
  EXPECT_EQ(pieces_of(0, 250), (Pieces{{0, 100}, {1, 100}, {2, 50}}));
  EXPECT_EQ(pieces_of(3, 1), (Pieces{{3, 1}}));
  EXPECT_EQ(pieces_of(0, 400), (Pieces{{0, 100}, {1, 100}, {2, 100}, {3, 100}}));
}

TEST_F(HandMadeCompletions, BundlesOutOfOrderKeepTheirBuffers) {
  make("bundle");
  if (IsSkipped()) return;
  EXPECT_EQ(pieces_of(2, 7), (Pieces{{2, 7}}));
  EXPECT_EQ(pieces_of(0, 150), (Pieces{{0, 100}, {1, 50}})) << "1 is still the one after 0";
  EXPECT_EQ(pieces_of(3, 400), (Pieces{{3, 100}, {2, 100}, {0, 100}, {1, 100}}));
}

TEST_F(HandMadeCompletions, ABundleMayBeginWithACutBuffer) {
  make("bundle");
  if (IsSkipped()) return;
  pool().ring().write(0, pool().bytes_of(0).first(30), 0);  // as the kernel leaves it
  EXPECT_EQ(pieces_of(0, 140), (Pieces{{0, 30}, {1, 100}, {2, 10}}));
  EXPECT_EQ(pieces_of(3, 250), (Pieces{{3, 100}, {0, 100}, {1, 50}})) << "0 is whole again";
}

TEST_F(HandMadeCompletions, ABufferIsUsedUpBitByBit) {
  make("incremental");
  if (IsSkipped()) return;
  EXPECT_EQ(pieces_of(0, 30), (Pieces{{0, 30}}));
  EXPECT_FALSE(pool().is_full(0));
  EXPECT_EQ(pool().fill(0, 0).data() - pool().bytes_of(0).data(), 30);
  EXPECT_EQ(pieces_of(0, 70), (Pieces{{0, 70}}));
  EXPECT_EQ(pool().fill(0, 0).data(), pool().bytes_of(0).data()) << "given back, it begins anew";
}

TEST_F(HandMadeCompletions, TheEndOfAStreamKeepsTheBuffer) {
  make("incremental");
  if (IsSkipped()) return;
  pieces_of(0, 30);
  EXPECT_EQ(pieces_of(0, 0), Pieces{}) << "it may name the buffer, without BUF_MORE";
  EXPECT_EQ(last_.state, ReceiveState::ended);
  EXPECT_EQ(pieces_of(0, 70), (Pieces{{0, 70}}));
}

TEST_F(HandMadeCompletions, OnlyMoreKeepsARequestArmed) {
  make("multishot");
  if (IsSkipped()) return;
  pieces_of(0, 10, IORING_CQE_F_MORE);
  EXPECT_EQ(last_.armed, Armed::yes);
  pieces_of(1, 10);
  EXPECT_EQ(last_.armed, Armed::no);
  EXPECT_EQ(last_.state, ReceiveState::received);
  VerifyingSink sink;
  last_ = path_->complete({.result = -ENOBUFS}, sink);
  EXPECT_EQ(last_.state, ReceiveState::exhausted);
  EXPECT_EQ(last_.error, 0);
  EXPECT_EQ(last_.armed, Armed::no);
}

}  // namespace
}  // namespace ub::receive
