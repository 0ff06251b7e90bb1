// sendmsg-zc: OP_SENDMSG_ZC with one iovec a field.
#include "ring_zerocopy.hpp"
#include "socket_send.hpp"
#include "uringbench/path/registry.hpp"

namespace ub::path {
namespace {

class SendmsgZcRing final : public RingZerocopy {
 public:
  explicit SendmsgZcRing(const RingContext& context)
      : RingZerocopy(context),
        target_(context.target()),
        send_flags_(static_cast<unsigned>(kRingSendFlags | context.send_flags)),
        fields_(std::size_t{context.batch} * context.messages->fields()) {}

  void prepare(const Payload& payload, Submission& submission) override {
    io_uring_sqe& sqe = submission.entry();
    ::io_uring_prep_sendmsg_zc(&sqe, target_, &fields_.set(payload), send_flags_);
    sqe.ioprio |= flags();
    submission.label(sqe, next_label(payload));
  }

 private:
  int target_;
  unsigned send_flags_;
  FieldRange fields_;
};

}  // namespace

Descriptor sendmsg_zc_path() {
  Descriptor path;
  path.name = "sendmsg-zc";
  path.family = Family::zero_copy;
  path.summary = "OP_SENDMSG_ZC with one iovec a field";
  path.copies = "none, or a deferred one";
  path.send_flags = true;
  path.layout = net::Layout::fields;
  path.reuse = Reuse::on_notification;
  path.batch_limit = BatchLimit::iovecs;
  path.ring_needs = {uring::Feature::send_zc, uring::Feature::sendmsg_zc};
  path.make_ring = [](const RingContext& context) {
    return std::make_unique<SendmsgZcRing>(context);
  };
  return path;
}

}  // namespace ub::path
