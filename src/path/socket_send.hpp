#pragma once

#include <sys/socket.h>
#include <sys/uio.h>

#include <cerrno>
#include <span>
#include <vector>

#include "uringbench/base/error.hpp"
#include "uringbench/path/send_path.hpp"

namespace ub::path {

/// The fields of a payload as an msghdr. Points into the message set; only when
/// the next attempt is not all of it are its fields copied into a list of its own. The msghdr stays
/// valid until the next call of set().
class FieldRange {
 public:
  explicit FieldRange(std::size_t most_fields) { part_.reserve(most_fields); }

  msghdr& set(const Payload& payload);

 private:
  std::span<const iovec> part(std::span<const iovec> fields, std::uint64_t skip_bytes,
                              std::uint64_t bytes);

  std::vector<iovec> part_;
  msghdr header_{};
};

/// SIGPIPE would end the process where an EPIPE is meant to be counted.
inline constexpr int kSendFlags = MSG_NOSIGNAL;

/// On a ring the kernel itself continues a short send (stream sockets, Linux 5.19), as a blocking
/// send(2) does; without it the two would not be alike.
inline constexpr int kRingSendFlags = MSG_NOSIGNAL | MSG_WAITALL;

/// What the result of one copying send means.
inline SendProgress progress_of(const SysResult& result) {
  SendProgress progress;
  if (result.ok()) {
    progress.bytes = static_cast<std::uint64_t>(result.value);
  } else if (result.error == EAGAIN || result.error == EINTR) {
    progress.state = SendState::would_block;
  } else {
    progress.state = SendState::failed;
    progress.error = result.error;
  }
  return progress;
}

/// The same for a system call that the path has made itself.
inline SendProgress progress_of_call(ssize_t returned) {
  SendProgress progress = progress_of(from_errno(returned));
  progress.system_calls = 1;
  return progress;
}

/// A ring path that copies, with one entry for each attempt: its one completion says how far the
/// attempt came.
class CopyingRing : public RingPath {
 public:
  SendProgress complete(Label /*label*/, const uring::Completion& completion,
                        Releases& /*releases*/) final {
    return progress_of(from_negative(completion.result));
  }

 protected:
  explicit CopyingRing(const RingContext& context) : target_(context.target()) {}

  /// The descriptor of the connection, or its slot in the ring, as an entry takes it.
  [[nodiscard]] int target() const { return target_; }

 private:
  int target_;
};

/// Errors of a zero-copy send: ENOBUFS is the socket's option memory (net.core.optmem_max) or, like
/// ENOMEM, the user's locked memory. Both are bound by the sends in flight, so they pass when one
/// is released.
inline SendProgress zero_copy_progress_of(const SysResult& result) {
  SendProgress progress = progress_of(result);
  if (result.error == ENOBUFS || result.error == ENOMEM) progress.state = SendState::starved;
  return progress;
}

}  // namespace ub::path
