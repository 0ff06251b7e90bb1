// fixed: messages built in place in registered memory, OP_WRITE_FIXED. It still copies once:
// registering saves the page look-up, not the copy (LIMITS of the operation are measured, not
// assumed).
#include "socket_send.hpp"
#include "uringbench/path/registry.hpp"

namespace ub::path {
namespace {

class FixedRing final : public CopyingRing {
 public:
  explicit FixedRing(const RingContext& context) : CopyingRing(context) {}

  void prepare(const Payload& payload, Submission& submission) override {
    constexpr int kBuffer = 0;  // the engine registers the message set as buffer 0
    const auto bytes = payload.rest();
    io_uring_sqe& sqe = submission.entry();
    // A write knows no MSG_WAITALL and no MSG_NOSIGNAL: short writes come back, SIGPIPE is ignored.
    ::io_uring_prep_write_fixed(&sqe, target(), bytes.data(), static_cast<unsigned>(bytes.size()),
                                0, kBuffer);
    submission.label(sqe, {.operation = payload.operation});
  }
};

}  // namespace

Descriptor fixed_path() {
  Descriptor path;
  path.name = "fixed";
  path.family = Family::one_copy;
  path.summary = "built in place in registered memory, OP_WRITE_FIXED";
  path.copies = "user to skb, without page look-up";
  path.registered_memory = true;
  path.ring_needs = {uring::Feature::write_fixed};
  path.make_ring = [](const RingContext& context) { return std::make_unique<FixedRing>(context); };
  return path;
}

}  // namespace ub::path
