// Whether time means anything on this machine.
#include <fmt/format.h>

#include "checks.hpp"
#include "uringbench/base/machine_kind.hpp"

namespace ub::doctor {
namespace {

std::string cpu_model(const Tree& tree) {
  for (const std::string& line : tree.lines("/proc/cpuinfo")) {
    if (line.starts_with("model name")) return line;
  }
  return "";
}

}  // namespace

Finding check_hypervisor(const Tree& tree, const std::optional<std::string>& signature) {
  const Hypervisor hypervisor = hypervisor_of(signature, cpu_model(tree));
  Finding finding{.name = "hypervisor",
                  .severity = Severity::ok,
                  .found = to_text(hypervisor),
                  .why =
                      "a guest shares its CPUs, and pays more for what makes it leave to the "
                      "hypervisor: interrupts, timers, sleeping CPUs",
                  .mend = ""};
  switch (hypervisor.kind) {
    case MachineKind::bare:
      break;
    case MachineKind::unknown:
      finding.severity = Severity::unknown;
      break;
    case MachineKind::guest:
      finding.severity = Severity::note;
      break;
    case MachineKind::emulated:
      finding.severity = Severity::severe;
      finding.why =
          "an emulator's times are its own: no speed that is measured here says anything about a "
          "real CPU, so reports compare facts only";
      finding.mend = "start the guest with -accel kvm -cpu host, where /dev/kvm works";
      break;
  }
  return finding;
}

Finding check_kernel_debug(const std::filesystem::path& root) {
  const KernelDebug debug = kernel_debug(root);
  Finding finding{.name = "kernel checks",
                  .severity = Severity::ok,
                  .found = to_text(debug),
                  .why =
                      "a kernel that checks its own accesses or locks is slower by a factor, and "
                      "not by the same one for every path: reports compare facts only",
                  .mend = ""};
  if (debug.source.empty()) {
    finding.severity = Severity::unknown;
  } else if (!debug.checks.empty()) {
    finding.severity = Severity::severe;
    finding.mend = "boot a kernel that was built without them";
  }
  return finding;
}

}  // namespace ub::doctor
