#pragma once

#include "buffer_pool.hpp"

namespace ub::receive {

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
