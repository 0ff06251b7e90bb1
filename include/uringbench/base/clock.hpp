#pragma once

#include <cstdint>

namespace ub {

/// Nanoseconds of CLOCK_MONOTONIC: the one clock of the program (one vDSO call, about 20 ns).
std::uint64_t now_ns();

/// CPU time of every thread of this process, in ns: CLOCK_PROCESS_CPUTIME_ID, exact, summed by the
/// kernel over the thread group. io_uring's io-wq and SQPOLL threads belong to the group (since
/// Linux 5.12 they are created by create_io_thread() with CLONE_THREAD) and so are included.
std::uint64_t process_cpu_ns();

/// CPU time of the calling thread in ns.
std::uint64_t thread_cpu_ns();

inline constexpr double kNsPerSecond = 1e9;

}  // namespace ub
