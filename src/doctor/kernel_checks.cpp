#include <fmt/format.h>

#include <array>

#include "checks.hpp"

namespace ub::doctor {
namespace {

/// Read in user space by the vDSO, without a system call.
bool is_fast_clock(const std::string& clock) {
  return clock == "tsc" || clock == "kvm-clock" || clock == "arch_sys_counter" ||
         clock == "hyperv_clocksource_tsc_page" || clock == "timebase" ||
         clock == "riscv_clocksource";
}

bool has_word(const std::string& text, const std::string& word) {
  return (" " + text + " ").find(" " + word + " ") != std::string::npos;
}

}  // namespace

bool has(const Tree& tree, Capability capability) {
  return has_capability(capability, tree.root() + "/").value_or(false);
}

Finding check_clock(const Tree& tree) {
  constexpr const char* kDirectory = "/sys/devices/system/clocksource/clocksource0/";
  Finding finding{.name = "clock source",
                  .severity = Severity::ok,
                  .found = "",
                  .why =
                      "a clock that needs a system call costs more than a small send, and every "
                      "latency contains it",
                  .mend = ""};
  const auto clock = tree.line(fmt::format("{}current_clocksource", kDirectory));
  if (!clock) {
    finding.severity = Severity::unknown;
    finding.found = "the kernel does not say";
    return finding;
  }
  finding.found = *clock;
  if (is_fast_clock(*clock)) return finding;
  finding.severity = Severity::severe;
  const auto others = tree.line(fmt::format("{}available_clocksource", kDirectory));
  finding.mend = others && has_word(*others, "tsc")
                     ? fmt::format("echo tsc | sudo tee {}current_clocksource", kDirectory)
                     : "boot with tsc=reliable, if the CPU's time stamp counter is";
  return finding;
}

Finding check_mitigations(const Tree& tree) {
  constexpr const char* kDirectory = "/sys/devices/system/cpu/vulnerabilities";
  Finding finding{.name = "mitigations",
                  .severity = Severity::note,
                  .found = "",
                  .why =
                      "they make each system call dearer, which favours modes with fewer calls: "
                      "compare only machines with the same ones",
                  .mend = ""};
  const auto names = tree.names_in(kDirectory);
  if (names.empty()) {
    finding.severity = Severity::unknown;
    finding.found = "the kernel does not say";
    return finding;
  }
  std::size_t active = 0;
  for (const std::string& name : names) {
    const auto line = tree.line(fmt::format("{}/{}", kDirectory, name));
    if (line && line->find("Mitigation") != std::string::npos) ++active;
  }
  const bool off = has_word(tree.line("/proc/cmdline").value_or(""), "mitigations=off");
  finding.found =
      off ? "switched off on the kernel's command line" : fmt::format("{} active", active);
  if (active == 0 && !off) finding.severity = Severity::ok;
  return finding;
}

Finding check_iommu(const Tree& tree) {
  Finding finding{.name = "IOMMU",
                  .severity = Severity::ok,
                  .found = "none in use",
                  .why =
                      "a translating IOMMU maps every page of a zero-copy send for the device, "
                      "which can cost more than the copy; loopback does not use it",
                  .mend = ""};
  if (tree.names_in("/sys/class/iommu").empty()) return finding;
  const auto groups = tree.names_in("/sys/kernel/iommu_groups");
  const auto type =
      groups.empty() ? std::nullopt
                     : tree.line(fmt::format("/sys/kernel/iommu_groups/{}/type", groups.front()));
  finding.found = type ? fmt::format("in use, domains of type {}", *type) : "in use";
  if (type && *type == "identity") return finding;
  finding.severity = type ? Severity::warning : Severity::note;
  finding.mend = "boot with iommu=pt";
  return finding;
}

Finding check_perf(const Tree& tree, const Trial& trial) {
  constexpr long long kKernelAllowed = 1;
  Finding finding{.name = "perf",
                  .severity = Severity::ok,
                  .found = "",
                  .why =
                      "counters and profiles must see the kernel: that is where sending spends "
                      "its time",
                  .mend = ""};
  const auto paranoid = tree.number("/proc/sys/kernel/perf_event_paranoid");
  const bool capable = has(tree, Capability::perfmon) || has(tree, Capability::sys_admin);
  if (!trial.value_or("").empty()) {
    finding.severity = Severity::warning;
    finding.found = *trial;
    if (paranoid && *paranoid > kKernelAllowed && !capable) {
      finding.mend = "sudo sysctl kernel.perf_event_paranoid=1";
    }
    return finding;
  }
  if (!paranoid) {
    finding.severity = Severity::warning;
    finding.found = "this kernel has no perf_event_open(2)";
    return finding;
  }
  finding.found = fmt::format("kernel.perf_event_paranoid is {}", *paranoid);
  if (capable) {
    finding.found += ", and this user may anyway";
  } else if (*paranoid > kKernelAllowed) {
    finding.severity = Severity::warning;
    finding.mend = "sudo sysctl kernel.perf_event_paranoid=1";
  }
  return finding;
}

Finding check_io_uring(const Tree& tree, const Trial& trial) {
  Finding finding{.name = "io_uring",
                  .severity = Severity::ok,
                  .found = trial ? "allowed: a ring was made" : "allowed",
                  .why = "without it every uring mode is unavailable",
                  .mend = ""};
  const auto disabled = tree.number("/proc/sys/kernel/io_uring_disabled");  // since Linux 6.6
  if (disabled.value_or(0) == 0) {
    if (trial.value_or("").empty()) return finding;
    finding.severity = Severity::severe;
    finding.found = *trial;
    return finding;
  }
  finding.found = fmt::format("kernel.io_uring_disabled is {}", *disabled);
  if (trial && trial->empty()) return finding;
  if (*disabled == 1 && has(tree, Capability::sys_admin)) return finding;
  finding.severity = Severity::severe;
  finding.mend = "sudo sysctl kernel.io_uring_disabled=0";
  return finding;
}

}  // namespace ub::doctor
