#include "perf_event.hpp"

#include <fmt/format.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <cerrno>
#include <fstream>

#include "uringbench/base/directory.hpp"
#include "uringbench/base/error.hpp"
#include "uringbench/base/permissions.hpp"

namespace ub::perf {
SysResult open_perf_event(const perf_event_attr& attributes, const CounterTarget& target,
                          int group_leader_fd) {
  return from_errno(::syscall(SYS_perf_event_open, &attributes, target.tid, target.cpu,
                              group_leader_fd, PERF_FLAG_FD_CLOEXEC));
}

perf_event_attr common_attributes(const CounterSpec& spec) {
  perf_event_attr attributes{};
  attributes.size = sizeof(attributes);
  attributes.type = spec.type;
  attributes.config = spec.config;
  attributes.exclude_hv = 1;
  // Guests of this host are not this program's work; a passed-through virtual PMU demands it as
  // well.
  attributes.exclude_guest = 1;
  attributes.read_format = PERF_FORMAT_TOTAL_TIME_ENABLED | PERF_FORMAT_TOTAL_TIME_RUNNING;
  return attributes;
}

namespace {

/// Root without the capability is a container's.
std::string_view capability_mend() {
  return ::geteuid() == 0 ? "give the container CAP_PERFMON (docker run --cap-add PERFMON)"
                          : "run as root or give the program CAP_PERFMON (setcap cap_perfmon+ep)";
}

/// Who refuses where the kernel's own rule does not.
std::string other_refuser(const PerfFacts& facts) {
  constexpr std::string_view kMend =
      "allow perf_event_open in the container's profile (--security-opt seccomp=uringbench.json, "
      "made with --perf; docs/containers.md)";
  if (!facts.seccomp_filter) {
    return fmt::format("a seccomp filter or a security module refuses it; in a container, {}",
                       kMend);
  }
  if (!*facts.seccomp_filter) return "a security module (SELinux, AppArmor, BPF) refuses it";
  return fmt::format("the seccomp filter of this process or a security module refuses it; {}",
                     kMend);
}

/// kernel.perf_event_paranoid (Documentation/admin-guide/sysctl/kernel.rst): 0 permits whole CPUs,
/// 1 the kernel mode of one's own threads, 2 their user mode only; 3 is of Debian and Android and
/// permits nothing. By this rule the kernel answers EACCES; EPERM is somebody else's answer.
std::string explain_permission(const CounterTarget& target, int error, const PerfFacts& facts) {
  if (facts.perfmon.value_or(false)) {
    return fmt::format("this process has CAP_PERFMON, so {}", other_refuser(facts));
  }
  if (!facts.paranoid) {
    return error == EPERM ? other_refuser(facts)
                          : fmt::format("not permitted; {}", capability_mend());
  }
  const int level = *facts.paranoid;
  const bool whole_cpu = target.tid < 0;
  const int needed = whole_cpu ? 0 : 1;
  if (level <= needed) {
    return fmt::format("kernel.perf_event_paranoid={} permits it, so {}", level,
                       other_refuser(facts));
  }
  std::string_view permits = "no counter";
  if (level == 2) permits = "user mode only, and a count without the kernel would be half a number";
  if (level == 1) permits = "one's own threads, but not a whole CPU";
  std::string rule = fmt::format(
      "kernel.perf_event_paranoid={} permits {}; sysctl kernel.perf_event_paranoid={}, or {}",
      level, permits, needed, capability_mend());
  if (error != EPERM || !facts.seccomp_filter.value_or(false)) return rule;
  return fmt::format("{}; and then: {}", other_refuser(facts), rule);
}

std::string_view explain_missing_event(const CounterSpec& spec, const PerfFacts& facts) {
  if (spec.type == PERF_TYPE_SOFTWARE) return "this kernel does not know the event";
  if (!facts.core_pmu) {
    return "this kernel sees no PMU, as in a VM without a virtual one; run on bare metal, or give "
           "the VM a virtual PMU (QEMU: -cpu host,pmu=on)";
  }
  if (spec.name.starts_with("llc")) {
    return "the core's PMU does not see the last level cache (on AMD Zen the L3 has a PMU of its "
           "own, which counts whole CPUs only); see cache_misses";
  }
  return "this CPU's PMU does not have the event";
}

std::string cause_of(const CounterSpec& spec, const CounterTarget& target, int error,
                     const PerfFacts& facts) {
  if (error == ENODEV && target.cpu >= 0) return fmt::format("CPU {} is offline", target.cpu);
  switch (error) {
    case ENOENT:
    case EOPNOTSUPP:
    case ENODEV:
      return std::string(explain_missing_event(spec, facts));
    case EACCES:
    case EPERM:
      return explain_permission(target, error, facts);
    case ENOSYS:
      return "the kernel was built without CONFIG_PERF_EVENTS, or a seccomp filter hides the call";
    case EMFILE:
      return "this process has no file descriptor left; raise ulimit -n";
    case ENFILE:
      return "the system has no file descriptor left; raise sysctl fs.file-max";
    case EBUSY:
      return "another user holds the PMU; stop other profilers, or sysctl kernel.nmi_watchdog=0";
    case EINVAL:
    case E2BIG:
      return "the kernel refused the request; Linux 5.13 or later is needed";
    default:
      return "unexpected";
  }
}

/// CAP_PERFMON or CAP_SYS_ADMIN where the kernel asks for them: in the first user namespace
/// (perfmon_capable()), whose map of users leaves none out.
std::optional<bool> may_watch_kernel() {
  const auto perfmon = has_capability(Capability::perfmon);
  const auto admin = has_capability(Capability::sys_admin);
  if (!perfmon || !admin) return std::nullopt;
  std::ifstream map("/proc/self/uid_map");
  std::uint64_t inside = 0;
  std::uint64_t outside = 0;
  std::uint64_t count = 0;
  if (!(map >> inside >> outside >> count)) return std::nullopt;
  constexpr std::uint64_t kAll = 0xffffffff;
  return (*perfmon || *admin) && inside == 0 && outside == 0 && count == kAll;
}

}  // namespace

PerfFacts read_perf_facts() {
  PerfFacts facts;
  facts.seccomp_filter = under_seccomp_filter();
  facts.perfmon = may_watch_kernel();
  std::ifstream file("/proc/sys/kernel/perf_event_paranoid");
  if (int level = 0; file >> level) facts.paranoid = level;
  // Hybrid Intel has cpu_core and cpu_atom; Arm has armv8_pmuv3_0 and kin, which all list "cpus".
  for (const std::string& name : names_in_directory("/sys/bus/event_source/devices").names) {
    if (name == "cpu" || name == "cpu_core" || name.starts_with("armv")) facts.core_pmu = true;
  }
  return facts;
}

std::string explain_open_failure(const CounterSpec& spec, const CounterTarget& target, int error,
                                 const PerfFacts& facts) {
  return fmt::format("{}: {}", describe_errno(error), cause_of(spec, target, error, facts));
}

}  // namespace ub::perf
