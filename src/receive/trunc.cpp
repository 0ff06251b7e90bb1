// trunc: MSG_TRUNC without a buffer. TCP drops what is there instead of copying it (tcp(7)), so
// this measures the sender with the cheapest receiver there is. On UDP the flag means something
// else.
#include "socket_receive.hpp"
#include "uringbench/receive/registry.hpp"

namespace ub::receive {
namespace {

class TruncSyscall final : public SyscallReceive {
 public:
  explicit TruncSyscall(const SyscallContext& context)
      : fd_(context.fd), bytes_(context.buffer_bytes) {}

  ReceiveProgress receive(Patience patience, ByteSink& /*sink*/) override {
    return progress_of_call(::recv(fd_, nullptr, bytes_, MSG_TRUNC | flags_for(patience)));
  }

 private:
  int fd_;
  std::uint64_t bytes_;
};

class TruncRing final : public RingReceive {
 public:
  explicit TruncRing(const RingContext& context) : fd_(context.fd), bytes_(context.buffer_bytes) {}

  void arm(io_uring_sqe& sqe) override {
    ::io_uring_prep_recv(&sqe, fd_, nullptr, bytes_, MSG_TRUNC);
  }

  ReceiveProgress complete(const uring::Completion& completion, ByteSink& /*sink*/) override {
    return progress_of_single(completion);
  }

 private:
  int fd_;
  std::uint64_t bytes_;
};

}  // namespace

Descriptor trunc_receive() {
  Descriptor path;
  path.name = "trunc";
  path.summary = "recv(2) or OP_RECV with MSG_TRUNC: dropped in the kernel, never seen";
  path.delivery = Delivery::discarded;
  path.ring_needs = {uring::Feature::op_recv};
  path.make_syscall = [](const SyscallContext& context) {
    return std::make_unique<TruncSyscall>(context);
  };
  path.make_ring = [](const RingContext& context) { return std::make_unique<TruncRing>(context); };
  return path;
}

}  // namespace ub::receive
