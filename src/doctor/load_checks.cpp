#include <fmt/format.h>

#include <array>
#include <set>
#include <sstream>

#include "checks.hpp"
#include "uringbench/base/cgroup.hpp"

namespace ub::doctor {
namespace {

/// "cpu1" of /proc/stat (proc(5)): user nice system idle iowait irq softirq steal.
CpuTimes parse_times(const std::string& fields) {
  std::istringstream in(fields);
  std::string name;
  in >> name;
  std::array<std::uint64_t, 8> ticks{};
  for (std::uint64_t& each : ticks) in >> each;
  CpuTimes times;
  times.busy = ticks[0] + ticks[1] + ticks[2] + ticks[5] + ticks[6];
  times.steal = ticks[7];
  for (const std::uint64_t each : ticks) times.total += each;
  return times;
}

void add(CpuTimes& sum, const CpuTimes& more) {
  sum.busy += more.busy;
  sum.steal += more.steal;
  sum.total += more.total;
}

/// The share of the time between the two; none when the clock did not move.
std::optional<double> share(std::uint64_t before, std::uint64_t after, const CpuTimes& from,
                            const CpuTimes& to) {
  if (to.total <= from.total || after < before) return std::nullopt;
  return static_cast<double>(after - before) / static_cast<double>(to.total - from.total);
}

void judge(Finding& finding, std::optional<double> part, double warning, double severe) {
  if (!part) {
    finding.severity = Severity::unknown;
    finding.found = "/proc/stat has no times of these CPUs that move";
    return;
  }
  finding.found = fmt::format("{:.1f}% of the CPUs of the two roles, just now", *part * 100);
  finding.severity = *part >= severe    ? Severity::severe
                     : *part >= warning ? Severity::warning
                                        : Severity::ok;
}

}  // namespace

CpuTimes times_of(const Tree& tree, const Roles& roles) {
  CpuTimes sum;
  for (const std::string& line : tree.lines("/proc/stat")) {
    for (const CpuList* cpus : {&roles.server, &roles.client}) {
      for (const int cpu : *cpus) {
        if (line.starts_with(fmt::format("cpu{} ", cpu))) add(sum, parse_times(line));
      }
    }
  }
  return sum;
}

Finding check_steal(const CpuTimes& before, const CpuTimes& after) {
  Finding finding{.name = "steal",
                  .severity = Severity::ok,
                  .found = "",
                  .why =
                      "the hypervisor gave the CPU to another guest meanwhile; the clock went "
                      "on and the work did not",
                  .mend = ""};
  judge(finding, share(before.steal, after.steal, before, after), 0.01, 0.05);
  if (finding.severity >= Severity::warning) {
    finding.mend = "use a host, or a kind of VM, with dedicated CPUs; more --reps else";
  }
  return finding;
}

Finding check_load(const CpuTimes& before, const CpuTimes& after) {
  Finding finding{.name = "other load",
                  .severity = Severity::ok,
                  .found = "",
                  .why = "other programs take CPU, caches and memory bandwidth from the roles",
                  .mend = ""};
  judge(finding, share(before.busy, after.busy, before, after), 0.05, 0.25);
  if (finding.severity >= Severity::warning) finding.mend = "top -o %CPU  # then end what can wait";
  return finding;
}

Finding check_cpu_quota(const Tree& tree, const Roles& roles) {
  Finding finding{.name = "CPU quota",
                  .severity = Severity::ok,
                  .found = "none",
                  .why =
                      "a control group that has used up its CPU time stands still until the next "
                      "period, in the middle of a window",
                  .mend = ""};
  const CpuQuotaReading reading = cpu_quota(tree.root());
  if (const auto* none = std::get_if<Unavailable>(&reading)) {
    finding.severity = Severity::unknown;
    finding.found = none->reason;
  }
  const auto* quota = std::get_if<CpuQuota>(&reading);
  if (quota == nullptr) return finding;
  std::set<int> cpus(roles.server.begin(), roles.server.end());
  cpus.insert(roles.client.begin(), roles.client.end());
  finding.found = fmt::format("{:g} CPUs ({})", quota->cpus, quota->file);
  if (quota->cpus >= static_cast<double>(cpus.size())) return finding;
  finding.severity = Severity::severe;
  finding.mend = fmt::format(
      "start it without a CPU limit, or with {} CPUs or more (docker run without --cpus; in "
      "Kubernetes without resources.limits.cpu)",
      cpus.size());
  return finding;
}

}  // namespace ub::doctor
