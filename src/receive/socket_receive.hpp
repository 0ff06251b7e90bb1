#pragma once

#include <sys/socket.h>

#include <cerrno>

#include "uringbench/base/error.hpp"
#include "uringbench/receive/receive_path.hpp"

namespace ub::receive {

/// For recv(2): a socket may be blocking, whatever the caller wants of one call.
inline int flags_for(Patience patience) {
  return patience == Patience::wait ? 0 : MSG_DONTWAIT;
}

/// What the result of one receive means.
inline ReceiveProgress progress_of(const SysResult& result) {
  ReceiveProgress progress;
  if (result.ok()) {
    progress.bytes = static_cast<std::uint64_t>(result.value);
    if (result.value == 0) progress.state = ReceiveState::ended;
  } else if (result.error == EAGAIN || result.error == EINTR) {
    progress.state = ReceiveState::would_block;
  } else {
    progress.state = ReceiveState::failed;
    progress.error = result.error;
  }
  return progress;
}

/// The same for a system call that the path has made itself.
inline ReceiveProgress progress_of_call(ssize_t returned) {
  ReceiveProgress progress = progress_of(from_errno(returned));
  progress.system_calls = 1;
  return progress;
}

/// The same for a request that has one completion.
inline ReceiveProgress progress_of_single(const uring::Completion& completion) {
  return progress_of(from_negative(completion.result));
}

}  // namespace ub::receive
