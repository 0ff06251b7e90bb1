#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "receive_buffer.hpp"
#include "uringbench/receive/receive_path.hpp"
#include "uringbench/uring/buffer_ring.hpp"

namespace ub::receive {

/// The buffers that all connections of a ring provide together. The kernel takes them in the order
/// in which they were given to it, and a completion names the (first) one it took. All buffers are
/// with the kernel but for the time of one complete().
class BufferPool final : public RingShared {
 public:
  /// Throws SetupError.
  BufferPool(const SharedContext& context, uring::Consumption consumption);

  [[nodiscard]] std::uint64_t buffers() const override { return ring_.entries(); }
  [[nodiscard]] std::uint64_t buffers_free() const override;
  [[nodiscard]] std::uint16_t group() const { return ring_.group(); }
  /// For tests, which write into it what a kernel may.
  [[nodiscard]] uring::BufferRing& ring() { return ring_; }

  /// All of buffer `id`.
  [[nodiscard]] std::span<const std::byte> bytes_of(std::uint16_t id) const {
    return memory_.at(id);
  }

  /// How much of buffer `id` the kernel was willing to fill. For a bundle it cuts the entry it
  /// begins with to what waits in the socket and, if that receive then fails, leaves it cut for the
  /// next (Linux 6.12), so the full length must not be assumed.
  [[nodiscard]] std::uint64_t offered(std::uint16_t id) const;

  /// The buffer that was given to the kernel right after `id`; only until `id` is given again.
  [[nodiscard]] std::uint16_t after(std::uint16_t id) const { return books_[id].next; }

  /// Consumption::incremental only: takes in that `count` further bytes of buffer `id` are filled;
  /// gives where they are.
  std::span<const std::byte> fill(std::uint16_t id, std::uint64_t count);
  /// Whether all of it has been filled: the kernel will not use it again before it is given back.
  [[nodiscard]] bool is_full(std::uint16_t id) const {
    return books_[id].filled == memory_.buffer_bytes();
  }

  /// Gives buffer `id` back in full length; the kernel sees it at the next publish().
  void give(std::uint16_t id);
  void publish() { ring_.publish(tail_); }

 private:
  struct Book {
    std::uint16_t position = 0;  ///< where in the ring it was written last
    std::uint16_t next = 0;      ///< the buffer written right after it
    std::uint64_t filled = 0;    ///< incremental: bytes since it was given
  };

  ReceiveBuffers memory_;
  uring::BufferRing ring_;
  std::vector<Book> books_;
  std::uint16_t tail_ = 0;  ///< number of the next entry to write
  std::uint16_t last_ = 0;  ///< the buffer written last
};

/// How many buffers a ring of `context` provides: a power of two, at least two a connection and
/// kLeastBuffers, or kManyBuffers where they are small; but only as far as memory_bytes goes. The
/// same for all paths with a pool, so that they differ in nothing else.
std::uint16_t buffer_count(const SharedContext& context);

/// A multishot receive completes up to 32 times before it lets other requests run
/// (MULTISHOT_MAX_RETRY, Linux 6.8), and what it took comes back only after that. One busy
/// connection with buffers of 64 KiB ran out of them in 3,800 of 34,000 completions with 8 buffers,
/// 200 to 360 with 32, 0 to 1 with 64 (Linux 6.18).
inline constexpr std::uint64_t kLeastBuffers = 64;

/// A bundle that does not know how much waits maps up to 256 buffers (PEEK_MAX_IMPORT), and if
/// these are all there are, its request ends (REQ_F_BL_EMPTY), however few of them it then fills.
/// With buffers of 4 KiB 42,000 of 67,000 completions ended it with a pool of 256, 230 of 54,000
/// with 512 (Linux 6.18).
inline constexpr std::uint64_t kManyBuffers = 512;
inline constexpr std::uint64_t kManyBuffersBytes = 4U << 20U;  ///< the most that is spent on that

/// What the paths with a multishot receive from a buffer pool have in common. They differ in how
/// they find the bytes of a completion.
class PooledReceive : public RingReceive {
 public:
  /// `operation_flags`: IORING_RECVSEND_*, for sqe->ioprio.
  explicit PooledReceive(const RingContext& context, std::uint16_t operation_flags = 0);

  void arm(io_uring_sqe& sqe) final;
  ReceiveProgress complete(const uring::Completion& completion, ByteSink& sink) final;

 protected:
  [[nodiscard]] BufferPool& pool() { return *pool_; }

 private:
  /// Shows `bytes` (at least 1), which begin in buffer `first`, to `sink`, and gives back every
  /// buffer the kernel is done with.
  virtual void take(std::uint16_t first, std::uint64_t bytes, ByteSink& sink) = 0;

  BufferPool* pool_;
  int fd_;
  std::uint16_t operation_flags_;
};

}  // namespace ub::receive
