#include "uringbench/doctor/doctor.hpp"

#include <fmt/format.h>

#include "checks.hpp"
#include "uringbench/base/check.hpp"

namespace ub::doctor {

std::string_view to_text(Severity severity) {
  switch (severity) {
    case Severity::ok:
      return "ok";
    case Severity::unknown:
      return "unknown";
    case Severity::note:
      return "note";
    case Severity::warning:
      return "warning";
    case Severity::severe:
      return "severe";
  }
  fail_check("every severity has a name");
}

std::vector<Finding> examine(const Machine& machine) {
  const Tree tree(machine.root);
  const Roles roles{machine.server_cpus, machine.client_cpus};
  const CpuTimes before = times_of(tree, roles);
  if (machine.pause) machine.pause();
  const CpuTimes after = times_of(tree, roles);
  return {check_governor(tree, roles),
          check_turbo(tree),
          check_siblings(tree, roles),
          check_isolation(tree, roles),
          check_steal(before, after),
          check_load(before, after),
          check_cpu_quota(tree, roles),
          check_hypervisor(tree, machine.hypervisor),
          check_kernel_debug(machine.root),
          check_clock(tree),
          check_mitigations(tree),
          check_iommu(tree),
          check_perf(tree, machine.perf_event),
          check_io_uring(tree, machine.ring),
          check_congestion(tree),
          check_packet_sockets(tree),
          check_memlock(tree, machine.memlock_bytes),
          check_optmem(tree)};
}

Finding judge_noise(const NoiseFigure& noise) {
  constexpr double kWarning = 0.03;  // the smallest effect that is called one
  constexpr double kSevere = 0.10;
  Finding finding{
      .name = "noise",
      .severity = noise.of_median >= kSevere    ? Severity::severe
                  : noise.of_median >= kWarning ? Severity::warning
                                                : Severity::ok,
      .found = fmt::format("one thing measured twice differs by up to {:.1f}% in a block, and by "
                           "{:.1f}% in the median of {} blocks",
                           noise.one_block * 100, noise.of_median * 100, noise.blocks),
      .why =
          "an A/A test of short samples: no smaller difference between modes can be told from "
          "nothing in so many blocks",
      .mend = ""};
  if (finding.severity != Severity::ok) {
    finding.mend = "mend what is named above, or measure longer: --duration 2s --reps 20";
  }
  return finding;
}

}  // namespace ub::doctor
