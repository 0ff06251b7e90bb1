// gather: one iovec a field; the kernel gathers while it copies.
#include <sys/socket.h>

#include "socket_send.hpp"
#include "uringbench/path/registry.hpp"

namespace ub::path {
namespace {

class GatherSyscall final : public SyscallPath {
 public:
  explicit GatherSyscall(const SyscallContext& context)
      : fd_(context.fd),
        send_flags_(kSendFlags | context.send_flags),
        fields_(std::size_t{context.batch} * context.messages->fields()) {}

  SendProgress send(const Payload& payload) override {
    return progress_of_call(::sendmsg(fd_, &fields_.set(payload), send_flags_));
  }

 private:
  int fd_;
  int send_flags_;
  FieldRange fields_;
};

class GatherRing final : public CopyingRing {
 public:
  explicit GatherRing(const RingContext& context)
      : CopyingRing(context),
        send_flags_(static_cast<unsigned>(kRingSendFlags | context.send_flags)),
        fields_(std::size_t{context.batch} * context.messages->fields()) {}

  void prepare(const Payload& payload, Submission& submission) override {
    io_uring_sqe& sqe = submission.entry();
    ::io_uring_prep_sendmsg(&sqe, target(), &fields_.set(payload), send_flags_);
    submission.label(sqe, {.operation = payload.operation});
  }

 private:
  unsigned send_flags_;
  FieldRange fields_;
};

}  // namespace

Descriptor gather_path() {
  Descriptor path;
  path.name = "gather";
  path.family = Family::one_copy;
  path.summary = "sendmsg(2) or OP_SENDMSG with one iovec a field";
  path.copies = "user to skb";
  path.send_flags = true;
  path.layout = net::Layout::fields;
  path.batch_limit = BatchLimit::iovecs;
  path.ring_needs = {uring::Feature::op_sendmsg};
  path.make_syscall = [](const SyscallContext& context) {
    return std::make_unique<GatherSyscall>(context);
  };
  path.make_ring = [](const RingContext& context) { return std::make_unique<GatherRing>(context); };
  return path;
}

}  // namespace ub::path
