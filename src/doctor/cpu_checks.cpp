#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "checks.hpp"

namespace ub::doctor {
namespace {

constexpr const char* kCpus = "/sys/devices/system/cpu/";

CpuList cpus_of(const Roles& roles) {
  std::set<int> all(roles.server.begin(), roles.server.end());
  all.insert(roles.client.begin(), roles.client.end());
  return {all.begin(), all.end()};
}

CpuList siblings_of(const Tree& tree, int cpu) {
  const auto text = tree.line(fmt::format("{}cpu{}/topology/thread_siblings_list", kCpus, cpu));
  CpuList siblings = text ? parse_cpu_list(*text).value_or(CpuList{}) : CpuList{};
  std::erase(siblings, cpu);
  return siblings;
}

bool share(const CpuList& left, const CpuList& right) {
  return std::any_of(left.begin(), left.end(), [&](int cpu) {
    return std::find(right.begin(), right.end(), cpu) != right.end();
  });
}

}  // namespace

Finding check_governor(const Tree& tree, const Roles& roles) {
  Finding finding{.name = "governor",
                  .severity = Severity::ok,
                  .found = "",
                  .why =
                      "a clock that follows the load makes the first samples slower than the "
                      "last, and a mode that sleeps slower than one that does not",
                  .mend = ""};
  for (const int cpu : cpus_of(roles)) {
    const auto governor = tree.line(fmt::format("{}cpu{}/cpufreq/scaling_governor", kCpus, cpu));
    if (!governor) {
      finding.severity = Severity::unknown;
      finding.found = fmt::format("CPU {} has no cpufreq: a VM, or the firmware decides", cpu);
      return finding;
    }
    if (finding.severity == Severity::ok) {
      finding.found = fmt::format("{} on CPU {}", *governor, cpu);
    }
    if (*governor == "performance") continue;
    finding.severity = Severity::warning;
    finding.mend = "sudo cpupower frequency-set -g performance";
  }
  return finding;
}

Finding check_turbo(const Tree& tree) {
  Finding finding{.name = "turbo",
                  .severity = Severity::ok,
                  .found = "off",
                  .why =
                      "with turbo the clock depends on temperature and on what other cores do, "
                      "so a long study drifts",
                  .mend = ""};
  const auto no_turbo = tree.number(fmt::format("{}intel_pstate/no_turbo", kCpus));
  const auto boost = tree.number(fmt::format("{}cpufreq/boost", kCpus));
  if (!no_turbo && !boost) {
    finding.severity = Severity::unknown;
    finding.found = "neither intel_pstate nor cpufreq/boost: a VM, or the firmware decides";
    return finding;
  }
  const bool on = no_turbo ? *no_turbo == 0 : *boost != 0;
  if (!on) return finding;
  finding.severity = Severity::note;
  finding.found = "on";
  finding.mend = no_turbo ? fmt::format("echo 1 | sudo tee {}intel_pstate/no_turbo", kCpus)
                          : fmt::format("echo 0 | sudo tee {}cpufreq/boost", kCpus);
  return finding;
}

Finding check_siblings(const Tree& tree, const Roles& roles) {
  Finding finding{.name = "siblings",
                  .severity = Severity::ok,
                  .found = "server and client on cores of their own",
                  .why =
                      "two threads of one core (SMT) share its units and its first caches: what "
                      "one role does slows the other",
                  .mend = ""};
  if (share(roles.server, roles.client)) {
    finding.severity = Severity::severe;
    finding.found = "server and client would share a CPU";
    finding.mend =
        "give the machine a second CPU, or name others with --server-cpus and "
        "--client-cpus";
    return finding;
  }
  bool known = false;
  bool neighbours = false;
  for (const int cpu : roles.server) {
    known = known || tree.exists(fmt::format("{}cpu{}/topology/thread_siblings_list", kCpus, cpu));
    const CpuList siblings = siblings_of(tree, cpu);
    neighbours = neighbours || !siblings.empty();
    if (!share(siblings, roles.client)) continue;
    finding.severity = Severity::severe;
    finding.found = fmt::format("CPU {} of the server shares its core with the client's", cpu);
    finding.mend = "lscpu -e  # then --server-cpus and --client-cpus of two different cores";
    return finding;
  }
  if (!known) {
    finding.severity = Severity::unknown;
    finding.found = "the kernel does not say which CPUs share a core";
  } else if (neighbours) {
    finding.severity = Severity::note;
    finding.found = "the server's core has a second thread, on which other work may run";
    finding.mend = "echo off | sudo tee /sys/devices/system/cpu/smt/control";
  }
  return finding;
}

Finding check_isolation(const Tree& tree, const Roles& roles) {
  Finding finding{.name = "isolation",
                  .severity = Severity::note,
                  .found = "the scheduler may put other work on the CPUs of the two roles",
                  .why = "whatever else runs there takes time from one mode and not from another",
                  .mend = ""};
  const auto text = tree.line(fmt::format("{}isolated", kCpus));
  const CpuList isolated = text ? parse_cpu_list(*text).value_or(CpuList{}) : CpuList{};
  const CpuList cpus = cpus_of(roles);
  if (std::includes(isolated.begin(), isolated.end(), cpus.begin(), cpus.end())) {
    finding.severity = Severity::ok;
    finding.found = fmt::format("CPUs {} are isolated", format_cpu_list(cpus));
    return finding;
  }
  finding.mend = fmt::format("boot with isolcpus={0} nohz_full={0}", format_cpu_list(cpus));
  return finding;
}

}  // namespace ub::doctor
