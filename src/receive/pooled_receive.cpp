#include "pooled_receive.hpp"

#include <algorithm>
#include <bit>
#include <cerrno>

#include "socket_receive.hpp"
#include "uringbench/base/check.hpp"

namespace ub::receive {
std::uint16_t buffer_count(const SharedContext& context) {
  constexpr std::uint64_t kMostEntries = 32768;  // io_uring_register_buf_ring(3)
  const std::uint64_t stride = stride_of(context.buffer_bytes);
  const std::uint64_t many = std::min(kManyBuffers, kManyBuffersBytes / stride);
  const std::uint64_t wanted =
      std::bit_ceil(std::max({std::uint64_t{context.connections} * 2, kLeastBuffers, many}));
  const std::uint64_t affordable = std::max<std::uint64_t>(context.memory_bytes / stride, 1);
  return static_cast<std::uint16_t>(std::min({wanted, std::bit_floor(affordable), kMostEntries}));
}

BufferPool::BufferPool(const SharedContext& context, uring::Consumption consumption)
    : memory_(context.buffer_bytes, buffer_count(context)),
      ring_(*context.ring, context.group, buffer_count(context), consumption),
      books_(ring_.entries()) {
  for (std::uint16_t id = 0; id < ring_.entries(); ++id) give(id);
  publish();
}

std::uint64_t BufferPool::buffers_free() const {
  // Everything is given back before complete() returns, so by our own books none is ever missing.
  const SysResult next = ring_.next_taken();
  return next.ok() ? static_cast<std::uint16_t>(tail_ - next.value) : ring_.entries();
}

std::uint64_t BufferPool::offered(std::uint16_t id) const {
  const io_uring_buf& entry = ring_.entry(books_[id].position);
  // Kernels before 6.15 may post completions out of order: then a later buffer stands there now.
  return entry.bid == id ? entry.len : memory_.buffer_bytes();
}

std::span<const std::byte> BufferPool::fill(std::uint16_t id, std::uint64_t count) {
  Book& book = books_[id];
  const auto filled = bytes_of(id).subspan(book.filled, count);
  book.filled += count;
  return filled;
}

void BufferPool::give(std::uint16_t id) {
  ring_.write(tail_, memory_.at(id), id);
  books_[last_].next = id;
  books_[id].position = tail_++;
  books_[id].filled = 0;
  last_ = id;
}

PooledReceive::PooledReceive(const RingContext& context, std::uint16_t operation_flags)
    : pool_(static_cast<BufferPool*>(context.shared)),
      fd_(context.fd),
      operation_flags_(operation_flags) {}

void PooledReceive::arm(io_uring_sqe& sqe) {
  ::io_uring_prep_recv_multishot(&sqe, fd_, nullptr, 0, 0);
  sqe.flags |= IOSQE_BUFFER_SELECT;
  sqe.buf_group = pool_->group();
  sqe.ioprio |= operation_flags_;
}

ReceiveProgress PooledReceive::complete(const uring::Completion& completion, ByteSink& sink) {
  ReceiveProgress progress = progress_of(from_negative(completion.result));
  if (progress.error == ENOBUFS) {
    progress.state = ReceiveState::exhausted;
    progress.error = 0;
  }
  // Without F_MORE the request has ended, whatever its result: at the end of the stream, without
  // buffers, and also with bytes when the completion queue is full.
  progress.armed = completion.more() ? Armed::yes : Armed::no;
  // A completion without bytes may name a buffer, but the kernel has not used it up.
  if (progress.bytes == 0) return progress;
  check((completion.flags & IORING_CQE_F_BUFFER) != 0, "provided bytes come with their buffer");
  const auto first = static_cast<std::uint16_t>(completion.flags >> IORING_CQE_BUFFER_SHIFT);
  check(first < pool_->buffers(), "the kernel names a buffer that it was given");
  take(first, progress.bytes, sink);
  pool_->publish();
  return progress;
}

}  // namespace ub::receive
