#include "uringbench/uring/refusal.hpp"

#include <fmt/format.h>
#include <sys/resource.h>

#include <cerrno>

#include "uringbench/base/error.hpp"
#include "uringbench/base/permissions.hpp"

namespace ub::uring {
namespace {

constexpr std::string_view kSetUp = "io_uring_setup";

constexpr std::string_view kAllowInProfile =
    "give the container a profile that allows it: --security-opt seccomp=uringbench.json, in "
    "Kubernetes seccompProfile Localhost (docs/containers.md)";

std::optional<std::uint64_t> limit_of(decltype(RLIMIT_NOFILE) resource) {
  rlimit limit{};
  if (::getrlimit(resource, &limit) != 0 || limit.rlim_cur == RLIM_INFINITY) return std::nullopt;
  return limit.rlim_cur;
}

/// Documentation/admin-guide/sysctl/kernel.rst: 1 leaves it to CAP_SYS_ADMIN and the group of
/// kernel.io_uring_group, 2 to nobody. The kernel's own EPERM of io_uring_setup(2).
std::string explain_permission(std::string_view call, const RingPolicy& policy) {
  const long long disabled = call == kSetUp ? policy.disabled.value_or(0) : 0;
  if (disabled >= 2) {
    return fmt::format(
        "kernel.io_uring_disabled is {}, which forbids io_uring to everyone; `sysctl "
        "kernel.io_uring_disabled=0` on the host allows it",
        disabled);
  }
  if (disabled == 1 && !policy.sys_admin.value_or(false)) {
    return "kernel.io_uring_disabled is 1, which forbids io_uring to all without CAP_SYS_ADMIN "
           "but members of kernel.io_uring_group; `sysctl kernel.io_uring_disabled=0` on the host "
           "allows it";
  }
  if (!policy.seccomp_filter) {
    return fmt::format(
        "forbidden by a seccomp filter, a security module or kernel.io_uring_disabled (/proc does "
        "not say which); in a container, {}",
        kAllowInProfile);
  }
  if (*policy.seccomp_filter) {
    return fmt::format("the seccomp filter of this process forbids it; {}", kAllowInProfile);
  }
  return "no seccomp filter and no kernel.io_uring_disabled forbids it, so a security module "
         "(SELinux, AppArmor, BPF) does; see its log";
}

/// The file of the sysctl is there where the kernel has io_uring.
std::string explain_absence(std::string_view call, const RingPolicy& policy) {
  if (!policy.seccomp_filter.value_or(true)) {
    return "this kernel is built without io_uring (CONFIG_IO_URING)";
  }
  if (policy.disabled || call != kSetUp) {
    return fmt::format(
        "this kernel has io_uring, and the seccomp filter of this process hides it; {}",
        kAllowInProfile);
  }
  return fmt::format(
      "this kernel is built without io_uring (CONFIG_IO_URING), or a seccomp filter hides it; in a "
      "container, {}",
      kAllowInProfile);
}

std::string explain_memory(const RingPolicy& policy) {
  if (!policy.memlock_bytes || policy.ipc_lock.value_or(false)) {
    return "the kernel has no memory for it, and RLIMIT_MEMLOCK does not bind this process; see "
           "`free`, `dmesg` and the cgroup's memory.max";
  }
  return fmt::format(
      "RLIMIT_MEMLOCK allows {}K of locked memory to this user, and a ring with its buffers takes "
      "more; raise it with `ulimit -l`, in a container --cap-add IPC_LOCK or --ulimit memlock=-1",
      *policy.memlock_bytes >> 10U);
}

std::string explain_descriptors(const RingPolicy& policy) {
  if (!policy.descriptors) return "no file descriptor is left; raise `ulimit -n`";
  return fmt::format(
      "no file descriptor is left of the {} that RLIMIT_NOFILE allows; raise it with "
      "`ulimit -n`, in a container --ulimit nofile=65536:65536",
      *policy.descriptors);
}

}  // namespace

RingPolicy read_ring_policy() {
  return {.disabled = number_in_file("/proc/sys/kernel/io_uring_disabled"),
          .sys_admin = has_capability(Capability::sys_admin),
          .ipc_lock = has_capability(Capability::ipc_lock),
          .seccomp_filter = under_seccomp_filter(),
          .memlock_bytes = limit_of(RLIMIT_MEMLOCK),
          .descriptors = limit_of(RLIMIT_NOFILE)};
}

std::string explain_refusal(std::string_view call, int error, const RingPolicy& policy) {
  const auto because = [&](const std::string& cause) {
    return fmt::format("{}: {}: {}", call, errno_name(error), cause);
  };
  switch (error) {
    case EPERM:
    case EACCES:
      return because(explain_permission(call, policy));
    case ENOSYS:
      return because(explain_absence(call, policy));
    case ENOMEM:
      return because(explain_memory(policy));
    case EMFILE:
      return because(explain_descriptors(policy));
    case ENFILE:
      return because("the machine has no file descriptor left; raise `sysctl fs.file-max`");
    default:
      return fmt::format("{}: {}", call, describe_errno(error));
  }
}

std::string explain_refusal(std::string_view call, int error) {
  return explain_refusal(call, error, read_ring_policy());
}

}  // namespace ub::uring
