// mmsg: many messages a call, each a send of its own: sendmmsg(2), or a chain of linked OP_SENDMSG.
#include <sys/socket.h>

#include <algorithm>
#include <vector>

#include "socket_send.hpp"
#include "uringbench/path/registry.hpp"

namespace ub::path {
namespace {

/// The messages of an attempt as one msghdr each, valid until the next call of set().
class MessageRanges {
 public:
  MessageRanges(std::uint32_t batch, const net::MessageSet& messages) : headers_(batch) {
    ranges_.reserve(batch);
    for (std::uint32_t i = 0; i < batch; ++i) ranges_.emplace_back(messages.fields());
  }

  /// The first and the last may be parts of a message, where a send was short or is not to send
  /// more.
  std::span<mmsghdr> set(const Payload& payload) {
    const std::uint64_t message_bytes = payload.messages->size_bytes();
    std::uint64_t left_bytes = payload.attempt_bytes();
    auto index = static_cast<std::uint32_t>(payload.skip_bytes / message_bytes);
    std::uint64_t skip_bytes = payload.skip_bytes % message_bytes;
    std::size_t count = 0;
    for (; left_bytes > 0; ++count, ++index, skip_bytes = 0) {
      const Payload one{.messages = payload.messages,
                        .first = payload.first + index,
                        .count = 1,
                        .skip_bytes = skip_bytes,
                        .most_bytes = left_bytes};
      headers_[count].msg_hdr = ranges_[count].set(one);
      left_bytes -= one.attempt_bytes();
    }
    return std::span(headers_).first(count);
  }

 private:
  std::vector<FieldRange> ranges_;
  std::vector<mmsghdr> headers_;
};

class MmsgSyscall final : public SyscallPath {
 public:
  explicit MmsgSyscall(const SyscallContext& context)
      : fd_(context.fd),
        send_flags_(kSendFlags | context.send_flags),
        ranges_(context.batch, *context.messages) {}

  /// It ends with the first message that is not taken whole: __sys_sendmmsg(), net/socket.c.
  SendProgress send(const Payload& payload) override {
    const std::span<mmsghdr> messages = ranges_.set(payload);
    const int sent =
        ::sendmmsg(fd_, messages.data(), static_cast<unsigned>(messages.size()), send_flags_);
    SendProgress progress = progress_of_call(sent);
    progress.bytes = 0;
    if (sent < 0) return progress;
    for (const mmsghdr& message : messages.first(static_cast<std::size_t>(sent))) {
      progress.bytes += message.msg_len;
    }
    return progress;
  }

 private:
  int fd_;
  int send_flags_;
  MessageRanges ranges_;
};

/// Whether the socket keeps no order (socket(7), SO_TYPE), so that its sends need none.
bool sends_datagrams(int fd) {
  int type = SOCK_STREAM;
  socklen_t length = sizeof type;
  return ::getsockopt(fd, SOL_SOCKET, SO_TYPE, &type, &length) == 0 && type == SOCK_DGRAM;
}

/// Linked, because sends of one stream that are in flight together may overtake each other. A send
/// that is short in spite of MSG_WAITALL, or fails, cancels those behind it. Datagrams are not
/// linked: each goes whole or not at all, and in whatever order.
class MmsgRing final : public RingPath {
 public:
  explicit MmsgRing(const RingContext& context)
      : target_(context.target()),
        send_flags_(static_cast<unsigned>(kRingSendFlags | context.send_flags)),
        batch_(context.batch),
        link_(sends_datagrams(context.fd) ? 0U : IOSQE_IO_LINK),
        ranges_(context.batch, *context.messages) {}

  [[nodiscard]] unsigned entries() const override { return batch_; }

  void prepare(const Payload& payload, Submission& submission) override {
    const std::span<mmsghdr> messages = ranges_.set(payload);
    in_flight_ = messages.size();
    ended_ = {};
    for (const mmsghdr& message : messages) {
      io_uring_sqe& sqe = submission.entry();
      ::io_uring_prep_sendmsg(&sqe, target_, &message.msg_hdr, send_flags_);
      if (&message != &messages.back()) sqe.flags = link_;
      submission.label(sqe, {.operation = payload.operation});
    }
  }

  SendProgress complete(Label /*label*/, const uring::Completion& completion,
                        Releases& /*releases*/) override {
    SendProgress progress = progress_of(from_negative(completion.result));
    const std::uint64_t bytes = progress.bytes;
    if (completion.result != -ECANCELED && progress.state != SendState::done) ended_ = progress;
    progress = --in_flight_ > 0 ? SendProgress{.state = SendState::in_flight} : ended_;
    progress.bytes = bytes;
    return progress;
  }

 private:
  int target_;
  unsigned send_flags_;
  unsigned batch_;
  std::uint8_t link_;  ///< flags of every entry but the last
  MessageRanges ranges_;
  std::size_t in_flight_ = 0;
  SendProgress ended_;  ///< how the attempt ends when its last completion has come
};

}  // namespace

Descriptor mmsg_path() {
  Descriptor path;
  path.name = "mmsg";
  path.family = Family::one_copy;
  path.summary = "sendmmsg(2), or linked OP_SENDMSG: one iovec a field, many messages a call";
  path.copies = "user to skb";
  path.send_flags = true;
  path.layout = net::Layout::fields;
  path.default_batch = 64;
  path.ring_needs = {uring::Feature::op_sendmsg};
  path.make_syscall = [](const SyscallContext& context) {
    return std::make_unique<MmsgSyscall>(context);
  };
  path.make_ring = [](const RingContext& context) { return std::make_unique<MmsgRing>(context); };
  return path;
}

}  // namespace ub::path
