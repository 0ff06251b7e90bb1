#pragma once

#include <cstdint>

namespace ub::net {

/// Makes room for `needed` descriptors more than are open now: raises the soft RLIMIT_NOFILE of
/// this process, up to the hard one. Throws SetupError when that is too low.
void require_file_descriptors(std::uint64_t needed);

/// RLIMIT_MEMLOCK (soft) in bytes; kUnlimited for none. It bounds pinned pages of zero-copy sends,
/// per user, unless the process has CAP_IPC_LOCK.
std::uint64_t memlock_limit_bytes();

inline constexpr std::uint64_t kUnlimited = ~0ULL;

}  // namespace ub::net
