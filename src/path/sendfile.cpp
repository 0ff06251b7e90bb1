// sendfile: the messages are pages of a memfd and travel by reference. The kernel never says when
// it drops them, so their bytes must never change.
#include <fcntl.h>
#include <sys/sendfile.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>

#include "socket_send.hpp"
#include "uringbench/base/error.hpp"
#include "uringbench/base/unique_fd.hpp"
#include "uringbench/path/registry.hpp"

namespace ub::path {
namespace {

constexpr std::uint64_t kPage = 4096;  // of x86; where pages are larger a pipe merely holds more

/// Offset of the payload's rest in the memfd.
std::uint64_t file_offset(const Payload& payload) {
  return payload.first * payload.messages->size_bytes() + payload.skip_bytes;
}

/// Nothing reports how a page reference fared, and nothing needs to: there was no copy to avoid.
SendProgress by_reference(SendProgress progress) {
  if (progress.bytes > 0) progress.copy = CopyReport::unreported;
  return progress;
}

class SendfileSyscall final : public SyscallPath {
 public:
  explicit SendfileSyscall(const SyscallContext& context) : fd_(context.fd) {}

  SendProgress send(const Payload& payload) override {
    auto offset = static_cast<off_t>(file_offset(payload));
    return by_reference(progress_of_call(
        ::sendfile(fd_, payload.messages->file(), &offset, payload.attempt_bytes())));
  }

 private:
  int fd_;
};

/// memfd → pipe → socket as two linked splices; what a short second splice leaves in the pipe is
/// sent first next time. The first must not be short: that would break the link and cost a round.
class SpliceRing final : public RingPath {
 public:
  explicit SpliceRing(const RingContext& context) : fd_(context.fd) {
    std::array<int, 2> ends{};
    if (::pipe2(ends.data(), O_CLOEXEC) != 0) {
      throw_setup_error("opening a pipe to splice through", errno, "raise `ulimit -n`");
    }
    out_.reset(ends[0]);
    in_.reset(ends[1]);
    grow(pages_spanned(context.batch * context.messages->size_bytes()));
  }

  [[nodiscard]] unsigned entries() const override { return 2; }

  void prepare(const Payload& payload, Submission& submission) override {
    error_ = 0;
    std::uint64_t drain = in_pipe_;
    if (in_pipe_ == 0) {
      drain = std::min(payload.attempt_bytes(), capacity_ - file_offset(payload) % kPage);
      fill(payload, drain, submission);
    }
    io_uring_sqe& sqe = submission.entry();
    ::io_uring_prep_splice(&sqe, out_.get(), -1, fd_, -1, static_cast<unsigned>(drain), 0);
    submission.label(sqe, {.tag = kDrain, .operation = payload.operation});
  }

  SendProgress complete(Label label, const uring::Completion& completion,
                        Releases& /*releases*/) override {
    const SysResult result = from_negative(completion.result);
    if (label.tag == kFill) {
      if (result.ok()) in_pipe_ += static_cast<std::uint64_t>(result.value);
      error_ = result.error;
      return {.state = SendState::in_flight};
    }
    return by_reference(drained(result));
  }

 private:
  enum Tag : std::uint8_t { kFill, kDrain };

  void fill(const Payload& payload, std::uint64_t bytes, Submission& submission) {
    io_uring_sqe& sqe = submission.entry();
    ::io_uring_prep_splice(&sqe, payload.messages->file(),
                           static_cast<std::int64_t>(file_offset(payload)), in_.get(), -1,
                           static_cast<unsigned>(bytes), 0);
    sqe.flags |= IOSQE_IO_LINK;
    submission.label(sqe, {.tag = kFill, .operation = payload.operation});
  }

  SendProgress drained(const SysResult& result) {
    if (error_ != 0) return {.state = SendState::failed, .error = error_};
    // A short fill breaks the link: what is in the pipe goes next time.
    if (result.error == ECANCELED && in_pipe_ > 0) return {};
    const SendProgress progress = progress_of(result);
    in_pipe_ -= progress.bytes;
    return progress;
  }

  /// A pipe holds pages, not bytes: the most that `bytes` of the file lie in, wherever they begin.
  static std::uint64_t pages_spanned(std::uint64_t bytes) {
    return bytes % kPage == 0 ? bytes : (bytes / kPage + 2) * kPage;
  }

  /// A pipe of default size holds 16 pages. Larger ones are limited a user (pipe(7)); without, a
  /// large message takes several rounds.
  void grow(std::uint64_t wanted) {
    constexpr std::uint64_t kMost = 1U << 20U;  // /proc/sys/fs/pipe-max-size, the default
    const auto asked = static_cast<int>(std::min(wanted, kMost));
    if (::fcntl(in_.get(), F_GETPIPE_SZ) < asked) (void)::fcntl(in_.get(), F_SETPIPE_SZ, asked);
    capacity_ = static_cast<std::uint64_t>(::fcntl(in_.get(), F_GETPIPE_SZ));
  }

  int fd_;
  UniqueFd in_;
  UniqueFd out_;
  std::uint64_t capacity_ = 0;
  std::uint64_t in_pipe_ = 0;
  int error_ = 0;
};

}  // namespace

Descriptor sendfile_path() {
  Descriptor path;
  path.name = "sendfile";
  path.family = Family::zero_copy;
  path.summary = "sendfile(2) from a memfd, or linked OP_SPLICE memfd, pipe, socket";
  path.copies = "none: pages by reference";
  path.layout = net::Layout::file;
  path.reuse = Reuse::never;
  path.descriptors = 2;
  path.ring_needs = {uring::Feature::op_splice};
  path.make_syscall = [](const SyscallContext& context) {
    return std::make_unique<SendfileSyscall>(context);
  };
  path.make_ring = [](const RingContext& context) { return std::make_unique<SpliceRing>(context); };
  return path;
}

}  // namespace ub::path
