#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace ub::uring {

/// What decides whether this process gets a ring, as the kernel's files say it. Nullopt: not known.
struct RingPolicy {
  std::optional<long long> disabled = {};   ///< kernel.io_uring_disabled (Linux 6.6): 0, 1 or 2
  std::optional<bool> sys_admin = {};       ///< CAP_SYS_ADMIN
  std::optional<bool> ipc_lock = {};        ///< CAP_IPC_LOCK: exempt from RLIMIT_MEMLOCK
  std::optional<bool> seccomp_filter = {};  ///< system calls of this process pass one
  std::optional<std::uint64_t> memlock_bytes = {};  ///< RLIMIT_MEMLOCK; nullopt: unlimited
  std::optional<std::uint64_t> descriptors = {};    ///< RLIMIT_NOFILE
};

RingPolicy read_ring_policy();

/// Why the kernel refused a call of io_uring ("io_uring_setup"), with the sysctl, limit or flag of
/// the container that mends it: "io_uring_setup: EPERM: …". The only place that words this, for
/// rings of a run, the probe and doctor.
std::string explain_refusal(std::string_view call, int error, const RingPolicy& policy);
std::string explain_refusal(std::string_view call, int error);

}  // namespace ub::uring
