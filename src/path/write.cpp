// write: messages built in place, plain write(2) or OP_WRITE. The copying twin of fixed, which
// differs in registered memory alone.
#include <unistd.h>

#include "socket_send.hpp"
#include "uringbench/path/registry.hpp"

namespace ub::path {
namespace {

class WriteSyscall final : public SyscallPath {
 public:
  explicit WriteSyscall(const SyscallContext& context) : fd_(context.fd) {}

  SendProgress send(const Payload& payload) override {
    const auto bytes = payload.rest();
    return progress_of_call(::write(fd_, bytes.data(), bytes.size()));
  }

 private:
  int fd_;
};

class WriteRing final : public CopyingRing {
 public:
  explicit WriteRing(const RingContext& context) : CopyingRing(context) {}

  void prepare(const Payload& payload, Submission& submission) override {
    const auto bytes = payload.rest();
    io_uring_sqe& sqe = submission.entry();
    // A write knows no MSG_WAITALL and no MSG_NOSIGNAL: short writes come back, SIGPIPE is ignored.
    ::io_uring_prep_write(&sqe, target(), bytes.data(), static_cast<unsigned>(bytes.size()), 0);
    submission.label(sqe, {.operation = payload.operation});
  }
};

}  // namespace

Descriptor write_path() {
  Descriptor path;
  path.name = "write";
  path.family = Family::one_copy;
  path.summary = "built in place, write(2) or OP_WRITE";
  path.copies = "user to skb";
  path.ring_needs = {uring::Feature::op_write};
  path.make_syscall = [](const SyscallContext& context) {
    return std::make_unique<WriteSyscall>(context);
  };
  path.make_ring = [](const RingContext& context) { return std::make_unique<WriteRing>(context); };
  return path;
}

}  // namespace ub::path
