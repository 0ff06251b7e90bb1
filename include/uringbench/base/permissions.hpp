#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>

/// What the kernel's files say that this process may do. Below another root than "/", for tests.
/// Nullopt where the file cannot be read: then nothing is known, and no message may guess.
namespace ub {

/// Numbers of capabilities(7).
enum class Capability : unsigned {
  net_admin = 12,
  ipc_lock = 14,
  sys_admin = 21,
  sys_resource = 24,
  perfmon = 38,
};

/// Whether the capability is effective (CapEff of /proc/self/status, proc(5)).
std::optional<bool> has_capability(Capability capability, const std::filesystem::path& root = "/");

/// Whether system calls of this process pass a seccomp filter, as in most containers.
std::optional<bool> under_seccomp_filter(const std::filesystem::path& root = "/");

/// The number in a file of one number; of "max" and other words nullopt.
std::optional<long long> number_in_file(const std::filesystem::path& path);

/// Which limit keeps this user from another process or thread, with its value and its mend: the
/// cgroup's pids.max, RLIMIT_NPROC, kernel.threads-max. Where none is at its end it names the
/// values of all. For messages after EAGAIN of clone(2).
std::string explain_task_limit(const std::filesystem::path& root = "/");

}  // namespace ub
