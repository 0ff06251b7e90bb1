#include "open_failure.hpp"

#include <fmt/format.h>

#include <cerrno>
#include <filesystem>
#include <fstream>

#include "uringbench/base/error.hpp"

namespace ub::perf {
namespace {

constexpr std::string_view kCapability =
    "run as root or give the program CAP_PERFMON (setcap cap_perfmon+ep)";

/// Kernel mode is counted too, so 2 (user mode only) and the 3 of Debian and Android (nothing) both
/// refuse.
std::string explain_permission(const PerfFacts& facts) {
  if (!facts.paranoid) return fmt::format("not permitted; {}", kCapability);
  if (*facts.paranoid >= 3) {
    return fmt::format(
        "kernel.perf_event_paranoid={} permits no counter; sysctl kernel.perf_event_paranoid=1, or "
        "{}",
        *facts.paranoid, kCapability);
  }
  if (*facts.paranoid == 2) {
    return fmt::format(
        "kernel.perf_event_paranoid=2 permits user mode only, and a count without the kernel would "
        "be "
        "half a number; sysctl kernel.perf_event_paranoid=1, or {}",
        kCapability);
  }
  return fmt::format(
      "kernel.perf_event_paranoid={} permits one's own threads (whole CPUs need 0 or {}), so a "
      "seccomp "
      "filter or security module may have refused: allow perf_event_open in the container's "
      "profile",
      *facts.paranoid, kCapability);
}

std::string explain_missing_event(const CounterSpec& spec, const PerfFacts& facts) {
  if (spec.type == PERF_TYPE_SOFTWARE) return "this kernel does not know the event";
  if (!facts.core_pmu) {
    return "this kernel sees no PMU, as in a VM without a virtual one; run on bare metal, or give "
           "the VM a "
           "virtual PMU (QEMU: -cpu host,pmu=on)";
  }
  if (spec.name.starts_with("llc")) {
    return "the core's PMU does not see the last level cache (AMD Zen: the L3 has its own PMU, "
           "which "
           "counts whole CPUs only); see cache_misses";
  }
  return "this CPU's PMU does not have the event";
}

std::string cause_of(const CounterSpec& spec, int error, const PerfFacts& facts) {
  switch (error) {
    case ENOENT:
    case EOPNOTSUPP:
    case ENODEV:
      return explain_missing_event(spec, facts);
    case EACCES:
    case EPERM:
      return explain_permission(facts);
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

}  // namespace

PerfFacts read_perf_facts() {
  PerfFacts facts;
  std::ifstream file("/proc/sys/kernel/perf_event_paranoid");
  if (int level = 0; file >> level) facts.paranoid = level;
  // Hybrid Intel has cpu_core and cpu_atom; Arm has armv8_pmuv3_0 and kin, which all list "cpus".
  std::error_code ignored;
  const std::filesystem::path devices("/sys/bus/event_source/devices");
  for (const auto& entry : std::filesystem::directory_iterator(devices, ignored)) {
    const std::string name = entry.path().filename();
    if (name == "cpu" || name == "cpu_core" || name.starts_with("armv")) facts.core_pmu = true;
  }
  return facts;
}

std::string explain_open_failure(const CounterSpec& spec, int error, const PerfFacts& facts) {
  return fmt::format("{}: {}", describe_errno(error), cause_of(spec, error, facts));
}

}  // namespace ub::perf
