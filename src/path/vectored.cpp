// vectored: OP_SEND with an array of iovecs, one a field: what gather does without an msghdr, which
// the kernel need not read.
#include "socket_send.hpp"
#include "uringbench/path/registry.hpp"

namespace ub::path {
namespace {

class VectoredRing final : public CopyingRing {
 public:
  explicit VectoredRing(const RingContext& context)
      : CopyingRing(context),
        send_flags_(kRingSendFlags | context.send_flags),
        fields_(std::size_t{context.batch} * context.messages->fields()) {}

  void prepare(const Payload& payload, Submission& submission) override {
    const msghdr& header = fields_.set(payload);
    io_uring_sqe& sqe = submission.entry();
    ::io_uring_prep_send(&sqe, target(), header.msg_iov, header.msg_iovlen, send_flags_);
    sqe.ioprio |= abi::kSendVectorized;
    submission.label(sqe, {.operation = payload.operation});
  }

 private:
  int send_flags_;
  FieldRange fields_;
};

}  // namespace

Descriptor vectored_path() {
  Descriptor path;
  path.name = "vectored";
  path.family = Family::one_copy;
  path.summary = "OP_SEND with an array of one iovec a field";
  path.copies = "user to skb";
  path.send_flags = true;
  path.layout = net::Layout::fields;
  path.batch_limit = BatchLimit::iovecs;
  path.ring_needs = {uring::Feature::send_vectorized};
  path.make_ring = [](const RingContext& context) {
    return std::make_unique<VectoredRing>(context);
  };
  return path;
}

}  // namespace ub::path
