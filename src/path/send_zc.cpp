// send-zc: OP_SEND_ZC from ordinary memory; the kernel pins the pages of every send.
#include "ring_zerocopy.hpp"
#include "socket_send.hpp"
#include "uringbench/path/registry.hpp"

namespace ub::path {
namespace {

class SendZcRing final : public RingZerocopy {
 public:
  explicit SendZcRing(const RingContext& context)
      : RingZerocopy(context),
        target_(context.target()),
        send_flags_(kRingSendFlags | context.send_flags) {}

  void prepare(const Payload& payload, Submission& submission) override {
    const auto bytes = payload.rest();
    io_uring_sqe& sqe = submission.entry();
    ::io_uring_prep_send_zc(&sqe, target_, bytes.data(), bytes.size(), send_flags_, flags());
    submission.label(sqe, next_label(payload));
  }

 private:
  int target_;
  int send_flags_;
};

}  // namespace

Descriptor send_zc_path() {
  Descriptor path;
  path.name = "send-zc";
  path.family = Family::zero_copy;
  path.summary = "built in place, OP_SEND_ZC";
  path.copies = "none, or a deferred one";
  path.send_flags = true;
  path.reuse = Reuse::on_notification;
  path.ring_needs = {uring::Feature::send_zc};
  path.make_ring = [](const RingContext& context) { return std::make_unique<SendZcRing>(context); };
  return path;
}

}  // namespace ub::path
