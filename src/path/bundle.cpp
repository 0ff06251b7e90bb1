// bundle: messages built in place are handed over through a ring of buffers; one OP_SEND takes as
// many as there are, in order (Linux 6.10).
#include <algorithm>
#include <bit>

#include "socket_send.hpp"
#include "uringbench/path/registry.hpp"
#include "uringbench/uring/buffer_ring.hpp"

namespace ub::path {
namespace {

class BundleRing final : public RingPath {
 public:
  explicit BundleRing(const RingContext& context)
      : target_(context.target()),
        send_flags_(kRingSendFlags | context.send_flags),
        buffers_(*context.ring, static_cast<std::uint16_t>(context.connection),
                 // A short send splits a message in two, so one entry more than messages.
                 std::bit_ceil(static_cast<std::uint16_t>(context.batch + 1))) {}

  void prepare(const Payload& payload, Submission& submission) override {
    offer(payload);
    io_uring_sqe& sqe = submission.entry();
    // MSG_WAITALL is not optional: after a short transfer without it the kernel goes on with the
    // next buffer and the rest of the split one is lost from the stream.
    ::io_uring_prep_send(&sqe, target_, nullptr, 0, send_flags_);
    sqe.flags |= IOSQE_BUFFER_SELECT;
    sqe.buf_group = buffers_.group();
    sqe.ioprio |= abi::kRecvSendBundle;
    submission.label(sqe, {.operation = payload.operation});
  }

  SendProgress complete(Label /*label*/, const uring::Completion& completion,
                        Releases& /*releases*/) override {
    SendProgress progress = progress_of(from_negative(completion.result));
    offered_bytes_ -= progress.bytes;
    if (progress.state == SendState::failed) return progress;
    if (completion.more()) {
      progress.state = SendState::in_flight;
      return progress;
    }
    return offered_bytes_ == 0 ? progress : interrupted(progress);
  }

 private:
  /// Writes one entry a message, from the first that the kernel has not taken.
  void offer(const Payload& payload) {
    const std::uint64_t message_bytes = payload.messages->size_bytes();
    std::span<const std::byte> rest = payload.rest();
    offered_bytes_ = rest.size();
    std::uint64_t length = message_bytes - payload.skip_bytes % message_bytes;
    while (!rest.empty()) {
      buffers_.write(next_++, rest.first(std::min<std::uint64_t>(length, rest.size())));
      rest = rest.subspan(std::min<std::uint64_t>(length, rest.size()));
      length = message_bytes;
    }
    buffers_.publish(next_);
  }

  /// The send ended before all was taken. How many entries the kernel then counts as used depends
  /// on where it was interrupted: 6.18 counts all of them after a cancelled wait, however few bytes
  /// went. So it is asked, and what it still has is written anew.
  SendProgress interrupted(SendProgress progress) {
    const SysResult taken = buffers_.next_taken();
    next_ = static_cast<std::uint16_t>(taken.value);
    if (!taken.ok()) progress.state = SendState::failed;
    progress.error = taken.error;
    return progress;
  }

  int target_;
  int send_flags_;
  uring::BufferRing buffers_;
  std::uint16_t next_ = 0;  ///< number of the next entry to be written
  std::uint64_t offered_bytes_ = 0;
};

}  // namespace

Descriptor bundle_path() {
  Descriptor path;
  path.name = "bundle";
  path.family = Family::one_copy;
  path.summary = "built in place, provided-buffer ring, OP_SEND bundle: many messages an operation";
  path.copies = "user to skb";
  path.send_flags = true;
  path.default_batch = 64;
  path.ring_needs = {uring::Feature::op_send, uring::Feature::buffer_ring,
                     uring::Feature::send_bundle};
  path.make_ring = [](const RingContext& context) { return std::make_unique<BundleRing>(context); };
  return path;
}

}  // namespace ub::path
