#include "pooled_receive.hpp"

#include <cerrno>

#include "socket_receive.hpp"
#include "uringbench/base/check.hpp"

namespace ub::receive {

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
