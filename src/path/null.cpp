// null: counts and sends nothing. What it costs is the harness itself.
#include "uringbench/path/registry.hpp"

namespace ub::path {
namespace {

class NullSyscall final : public SyscallPath {
 public:
  SendProgress send(const Payload& payload) override { return {.bytes = payload.attempt_bytes()}; }
};

class NullRing final : public RingPath {
 public:
  void prepare(const Payload& payload, Submission& submission) override {
    bytes_ = payload.attempt_bytes();
    io_uring_sqe& sqe = submission.entry();
    ::io_uring_prep_nop(&sqe);
    submission.label(sqe, {.operation = payload.operation});
  }

  SendProgress complete(Label /*label*/, const uring::Completion& /*completion*/,
                        Releases& /*releases*/) override {
    return {.bytes = bytes_};
  }

 private:
  std::uint64_t bytes_ = 0;
};

}  // namespace

Descriptor null_path() {
  Descriptor path;
  path.name = "null";
  path.summary = "counts, sends nothing (on a ring: OP_NOP); prices the harness itself";
  path.copies = "-";
  path.make_syscall = [](const SyscallContext&) { return std::make_unique<NullSyscall>(); };
  path.make_ring = [](const RingContext&) { return std::make_unique<NullRing>(); };
  return path;
}

}  // namespace ub::path
