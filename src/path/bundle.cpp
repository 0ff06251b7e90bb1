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
      : fd_(context.fd),
        buffers_(*context.ring, static_cast<std::uint16_t>(context.connection),
                 // A short send splits a message in two, so one entry more than messages.
                 std::bit_ceil(static_cast<std::uint16_t>(context.batch + 1))) {}

  void prepare(const Payload& payload, Submission& submission) override {
    rest_ = payload.rest();
    message_bytes_ = payload.messages->size_bytes();
    left_in_first_ = message_bytes_ - payload.skip_bytes % message_bytes_;
    offer();
    io_uring_sqe& sqe = submission.entry();
    // MSG_WAITALL is not optional: after a short transfer without it the kernel goes on with the
    // next buffer and the rest of the split one is lost from the stream.
    ::io_uring_prep_send(&sqe, fd_, nullptr, 0, kRingSendFlags);
    sqe.flags |= IOSQE_BUFFER_SELECT;
    sqe.buf_group = buffers_.group();
    sqe.ioprio |= abi::kRecvSendBundle;
    submission.label(sqe, {.operation = payload.operation});
  }

  SendProgress complete(Label /*label*/, const uring::Completion& completion,
                        Releases& /*releases*/) override {
    SendProgress progress = progress_of(from_negative(completion.result));
    consume(progress.bytes);
    if (completion.more() && progress.state == SendState::done) {
      progress.state = SendState::in_flight;
    }
    return progress;
  }

 private:
  /// Writes one entry a message, from the first that the kernel has not consumed. Entries that an
  /// interrupted send left behind are overwritten; no request uses the group now.
  void offer() {
    std::uint16_t position = consumed_;
    std::span<const std::byte> rest = rest_;
    std::uint64_t length = left_in_first_;
    while (!rest.empty()) {
      buffers_.write(position++, rest.first(std::min<std::uint64_t>(length, rest.size())));
      rest = rest.subspan(std::min<std::uint64_t>(length, rest.size()));
      length = message_bytes_;
    }
    buffers_.publish(position);
  }

  /// The kernel counts a buffer as consumed when any byte of it was sent (io_bundle_nbufs()).
  void consume(std::uint64_t bytes) {
    while (bytes > 0) {
      const std::uint64_t taken = std::min(bytes, left_in_first_);
      bytes -= taken;
      left_in_first_ = message_bytes_;
      ++consumed_;
    }
  }

  int fd_;
  uring::BufferRing buffers_;
  std::uint16_t consumed_ = 0;
  std::span<const std::byte> rest_;
  std::uint64_t message_bytes_ = 0;
  std::uint64_t left_in_first_ = 0;
};

}  // namespace

Descriptor bundle_path() {
  Descriptor path;
  path.name = "bundle";
  path.family = Family::one_copy;
  path.summary = "built in place, provided-buffer ring, OP_SEND bundle: many messages an operation";
  path.copies = "user to skb";
  path.default_batch = 64;
  path.ring_needs = {uring::Feature::op_send, uring::Feature::buffer_ring,
                     uring::Feature::send_bundle};
  path.make_ring = [](const RingContext& context) { return std::make_unique<BundleRing>(context); };
  return path;
}

}  // namespace ub::path
