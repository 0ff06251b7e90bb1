// send-zc-fixed: OP_SEND_ZC from registered memory; nothing is pinned or looked up a send.
#include "ring_zerocopy.hpp"
#include "socket_send.hpp"
#include "uringbench/path/registry.hpp"

namespace ub::path {
namespace {

class SendZcFixedRing final : public RingZerocopy {
 public:
  explicit SendZcFixedRing(const RingContext& context)
      : RingZerocopy(context),
        target_(context.target()),
        send_flags_(kRingSendFlags | context.send_flags) {}

  void prepare(const Payload& payload, Submission& submission) override {
    constexpr unsigned kBuffer = 0;  // the engine registers the message set as buffer 0
    const auto bytes = payload.rest();
    io_uring_sqe& sqe = submission.entry();
    ::io_uring_prep_send_zc_fixed(&sqe, target_, bytes.data(), bytes.size(), send_flags_, flags(),
                                  kBuffer);
    submission.label(sqe, next_label(payload));
  }

 private:
  int target_;
  int send_flags_;
};

}  // namespace

Descriptor send_zc_fixed_path() {
  Descriptor path;
  path.name = "send-zc-fixed";
  path.family = Family::zero_copy;
  path.summary = "built in place in registered memory, OP_SEND_ZC";
  path.copies = "none, or a deferred one";
  path.send_flags = true;
  path.reuse = Reuse::on_notification;
  path.registered_memory = true;
  path.ring_needs = {uring::Feature::send_zc, uring::Feature::send_zc_fixed};
  path.make_ring = [](const RingContext& context) {
    return std::make_unique<SendZcFixedRing>(context);
  };
  return path;
}

}  // namespace ub::path
