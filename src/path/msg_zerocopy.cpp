// msg-zerocopy: sendmsg with MSG_ZEROCOPY, one iovec a field; buffers come back over the error
// queue.
#include <poll.h>
#include <sys/socket.h>

#include "error_queue.hpp"
#include "socket_send.hpp"
#include "uringbench/path/registry.hpp"

namespace ub::path {
namespace {

/// A send that took bytes has its buffer held until the error queue names its number.
SendProgress hold(SendProgress progress, std::uint32_t operation, ZerocopyIds& ids) {
  if (progress.bytes > 0) {
    ids.issued(operation);
    progress.buffer = BufferState::held;
  }
  return progress;
}

class MsgZerocopySyscall final : public SyscallPath {
 public:
  explicit MsgZerocopySyscall(const SyscallContext& context)
      : fd_(context.fd),
        send_flags_(kSendFlags | context.send_flags | MSG_ZEROCOPY),
        fields_(std::size_t{context.batch} * context.messages->fields()) {
    enable_zerocopy(fd_);
  }

  SendProgress send(const Payload& payload) override {
    const ssize_t sent = ::sendmsg(fd_, &fields_.set(payload), send_flags_);
    SendProgress progress = hold(zero_copy_progress_of(from_errno(sent)), payload.operation, ids_);
    progress.system_calls = 1;
    return progress;
  }

  Reaped reap(Releases& releases) override { return read_error_queue(fd_, ids_, releases); }

 private:
  int fd_;
  int send_flags_;
  FieldRange fields_;
  ZerocopyIds ids_;
};

class MsgZerocopyRing final : public RingPath {
 public:
  explicit MsgZerocopyRing(const RingContext& context)
      : fd_(context.fd),
        target_(context.target()),
        send_flags_(static_cast<unsigned>(kSendFlags | context.send_flags | MSG_ZEROCOPY)),
        fields_(std::size_t{context.batch} * context.messages->fields()) {
    enable_zerocopy(fd_);
  }

  void prepare(const Payload& payload, Submission& submission) override {
    io_uring_sqe& sqe = submission.entry();
    // Without MSG_WAITALL: each retry inside the kernel would take a number that we never see.
    ::io_uring_prep_sendmsg(&sqe, target_, &fields_.set(payload), send_flags_);
    submission.label(sqe, {.tag = kSend, .operation = payload.operation});
    sending_ = true;
  }

  SendProgress complete(Label label, const uring::Completion& completion,
                        Releases& releases) override {
    if (label.tag == kSend) return sent(label, completion, releases);
    SendProgress progress{.state = SendState::unchanged};
    if (completion.result < 0) return failed(progress, -completion.result);
    if (!completion.more()) progress.watch = Watch::ended;
    queue_waits_ = true;
    return read_queue(progress, releases);
  }

  /// The error queue is driven by completions: POLLERR comes whenever notifications wait.
  void watch(Submission& submission) override {
    io_uring_sqe& sqe = submission.entry();
    ::io_uring_prep_poll_multishot(&sqe, target_, POLLERR);
    submission.label(sqe, {.tag = kErrorQueue});
  }

 private:
  enum Tag : std::uint8_t { kSend, kErrorQueue };

  static SendProgress failed(SendProgress progress, int error) {
    progress.state = SendState::failed;
    progress.error = error;
    return progress;
  }

  SendProgress sent(Label label, const uring::Completion& completion, Releases& releases) {
    sending_ = false;
    return read_queue(
        hold(zero_copy_progress_of(from_negative(completion.result)), label.operation, ids_),
        releases);
  }

  /// Not while a send is in flight: it may have been acknowledged and notified before its own
  /// completion is seen, and its number would not be known yet. It needs no buffer meanwhile.
  SendProgress read_queue(SendProgress progress, Releases& releases) {
    if (sending_ || !queue_waits_) return progress;
    queue_waits_ = false;
    const Reaped reaped = read_error_queue(fd_, ids_, releases);
    progress.system_calls += reaped.system_calls;
    progress.notifications += reaped.notifications;
    return reaped.error == 0 ? progress : failed(progress, reaped.error);
  }

  int fd_;      ///< for the error queue
  int target_;  ///< for submission entries
  unsigned send_flags_;
  FieldRange fields_;
  ZerocopyIds ids_;
  bool sending_ = false;
  bool queue_waits_ = false;  ///< POLLERR came; the queue has not been read since
};

}  // namespace

Descriptor msg_zerocopy_path() {
  Descriptor path;
  path.name = "msg-zerocopy";
  path.family = Family::zero_copy;
  path.summary = "sendmsg(2) or OP_SENDMSG with MSG_ZEROCOPY, one iovec a field";
  path.copies = "none, or a deferred one";
  path.send_flags = true;
  path.layout = net::Layout::fields;
  path.reuse = Reuse::on_notification;
  path.batch_limit = BatchLimit::iovecs;
  path.ring_needs = {uring::Feature::op_sendmsg, uring::Feature::poll_multishot};
  path.make_syscall = [](const SyscallContext& context) {
    return std::make_unique<MsgZerocopySyscall>(context);
  };
  path.make_ring = [](const RingContext& context) {
    return std::make_unique<MsgZerocopyRing>(context);
  };
  return path;
}

}  // namespace ub::path
