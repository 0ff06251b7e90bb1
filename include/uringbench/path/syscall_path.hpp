#pragma once

#include <memory>

#include "uringbench/path/payload.hpp"
#include "uringbench/path/send_progress.hpp"

namespace ub::path {

struct SyscallContext {
  int fd = -1;              ///< the connected socket; outlives the path
  std::uint32_t batch = 1;  ///< most messages a payload will carry
  int send_flags = 0;       ///< MSG_* beside the path's own; see Descriptor::send_flags
  const net::MessageSet* messages = nullptr;
};

/// What reading the error queue gave besides the releases.
struct Reaped {
  std::uint32_t system_calls = 0;
  std::uint32_t notifications = 0;  ///< messages read, each of which may release several sends
  int error = 0;                    ///< positive errno when the connection is of no more use
};

/// How bytes leave by system calls: one object a connection. Whether send() blocks is the socket's
/// affair, not the path's. Used by one thread at a time.
class SyscallPath {
 public:
  SyscallPath() = default;
  SyscallPath(const SyscallPath&) = delete;
  SyscallPath& operator=(const SyscallPath&) = delete;
  virtual ~SyscallPath() = default;

  /// Tries to send what is left of `payload`. Never SendState::in_flight.
  virtual SendProgress send(const Payload& payload) = 0;

  /// Appends the buffers that the kernel has let go of; does not block. To be called when the
  /// socket reports POLLERR, and now and then while sending.
  virtual Reaped reap(Releases& releases);
};

}  // namespace ub::path
