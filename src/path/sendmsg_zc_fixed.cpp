// sendmsg-zc-fixed: OP_SENDMSG_ZC of one iovec a field, all of them in registered memory; nothing
// is pinned or looked up a send.
#include <algorithm>
#include <vector>

#include "ring_zerocopy.hpp"
#include "socket_send.hpp"
#include "uringbench/path/registry.hpp"

namespace ub::path {
namespace {

/// The fields of messages that lie back to back: the kernel wants the iovecs of one send in one
/// registered buffer, so the fields cannot be allocations of their own.
class PlacedFields {
 public:
  PlacedFields(const net::MessageSet& messages, std::uint32_t batch) : fields_(messages.fields()) {
    pieces_.reserve(std::size_t{batch} * fields_);
  }

  /// Valid until the next call.
  const msghdr& set(const Payload& payload) {
    pieces_.clear();
    const std::uint64_t size_bytes = payload.messages->size_bytes();
    const std::uint64_t end = payload.skip_bytes + payload.attempt_bytes();
    std::byte* const first = payload.messages->at(payload.first);
    for (std::uint64_t at = payload.skip_bytes; at < end;) {
      const std::uint64_t field_end = std::min(end_of_field(at, size_bytes), end);
      pieces_.push_back({first + at, field_end - at});
      at = field_end;
    }
    header_.msg_iov = pieces_.data();
    header_.msg_iovlen = pieces_.size();
    return header_;
  }

 private:
  /// Where the field that holds byte `at` ends. Fields end at multiples of size / fields, rounded
  /// down, as they do in a message set of fields.
  [[nodiscard]] std::uint64_t end_of_field(std::uint64_t at, std::uint64_t size_bytes) const {
    const std::uint64_t message = at / size_bytes * size_bytes;
    std::uint64_t field = (at - message) * fields_ / size_bytes;
    std::uint64_t end = 0;
    while ((end = message + (field + 1) * size_bytes / fields_) <= at) ++field;
    return end;
  }

  std::uint64_t fields_;
  std::vector<iovec> pieces_;
  msghdr header_{};
};

class SendmsgZcFixedRing final : public RingZerocopy {
 public:
  explicit SendmsgZcFixedRing(const RingContext& context)
      : RingZerocopy(context),
        target_(context.target()),
        send_flags_(static_cast<unsigned>(kRingSendFlags | context.send_flags)),
        fields_(*context.messages, context.batch) {}

  void prepare(const Payload& payload, Submission& submission) override {
    constexpr std::uint16_t kBuffer = 0;  // the engine registers the message set as buffer 0
    io_uring_sqe& sqe = submission.entry();
    ::io_uring_prep_sendmsg_zc(&sqe, target_, &fields_.set(payload), send_flags_);
    sqe.ioprio |= flags();
    sqe.ioprio |= abi::kRecvSendFixedBuf;
    sqe.buf_index = kBuffer;
    submission.label(sqe, next_label(payload));
  }

 private:
  int target_;
  unsigned send_flags_;
  PlacedFields fields_;
};

}  // namespace

Descriptor sendmsg_zc_fixed_path() {
  Descriptor path;
  path.name = "sendmsg-zc-fixed";
  path.family = Family::zero_copy;
  path.summary = "fields in registered memory, OP_SENDMSG_ZC with one iovec a field";
  path.copies = "none, or a deferred one";
  path.send_flags = true;
  path.reuse = Reuse::on_notification;
  path.batch_limit = BatchLimit::iovecs;
  path.registered_memory = true;
  path.ring_needs = {uring::Feature::send_zc, uring::Feature::sendmsg_zc_fixed};
  path.make_ring = [](const RingContext& context) {
    return std::make_unique<SendmsgZcFixedRing>(context);
  };
  return path;
}

}  // namespace ub::path
