// two-copy: flatten the fields into one buffer, as most programs do, and send that.
#include <sys/socket.h>

#include <cstring>
#include <optional>
#include <vector>

#include "socket_send.hpp"
#include "uringbench/path/registry.hpp"

namespace ub::path {
namespace {

/// The buffer that fields are flattened into; reused for every operation of a connection.
class FlatBuffer {
 public:
  explicit FlatBuffer(std::uint64_t size_bytes) : bytes_(size_bytes) {}

  /// Flattens a new operation, once however often it has to be tried, or finds the rest of one that
  /// was begun.
  std::span<const std::byte> rest_of(const Payload& payload) {
    if (operation_ != payload.operation) flatten(payload);
    operation_ = payload.operation;
    return {bytes_.data() + payload.skip_bytes, payload.attempt_bytes()};
  }

 private:
  void flatten(const Payload& payload) {
    std::byte* out = bytes_.data();
    for (const iovec& field : payload.messages->fields_of(payload.first, payload.count)) {
      if (field.iov_len == 0) continue;  // an empty field has no address
      std::memcpy(out, field.iov_base, field.iov_len);
      out += field.iov_len;
    }
  }

  std::optional<std::uint32_t> operation_;  ///< that the buffer holds
  std::vector<std::byte> bytes_;
};

class TwoCopySyscall final : public SyscallPath {
 public:
  explicit TwoCopySyscall(const SyscallContext& context)
      : fd_(context.fd),
        send_flags_(kSendFlags | context.send_flags),
        flat_(context.batch * context.messages->size_bytes()) {}

  SendProgress send(const Payload& payload) override {
    const auto bytes = flat_.rest_of(payload);
    return progress_of_call(::send(fd_, bytes.data(), bytes.size(), send_flags_));
  }

 private:
  int fd_;
  int send_flags_;
  FlatBuffer flat_;
};

class TwoCopyRing final : public CopyingRing {
 public:
  explicit TwoCopyRing(const RingContext& context)
      : CopyingRing(context),
        send_flags_(kRingSendFlags | context.send_flags),
        flat_(context.batch * context.messages->size_bytes()) {}

  void prepare(const Payload& payload, Submission& submission) override {
    const auto bytes = flat_.rest_of(payload);
    io_uring_sqe& sqe = submission.entry();
    ::io_uring_prep_send(&sqe, target(), bytes.data(), bytes.size(), send_flags_);
    submission.label(sqe, {.operation = payload.operation});
  }

 private:
  int send_flags_;
  FlatBuffer flat_;
};

}  // namespace

Descriptor two_copy_path() {
  Descriptor path;
  path.name = "two-copy";
  path.family = Family::two_copy;
  path.summary = "flatten the fields into one buffer, then send(2) or OP_SEND";
  path.copies = "flatten + user to skb";
  path.send_flags = true;
  path.layout = net::Layout::fields;
  path.ring_needs = {uring::Feature::op_send};
  path.make_syscall = [](const SyscallContext& context) {
    return std::make_unique<TwoCopySyscall>(context);
  };
  path.make_ring = [](const RingContext& context) {
    return std::make_unique<TwoCopyRing>(context);
  };
  return path;
}

}  // namespace ub::path
