#include "uringbench/role/environment.hpp"

#include <fmt/format.h>
#include <sys/resource.h>
#include <sys/utsname.h>
#include <unistd.h>

#include <cerrno>
#include <filesystem>
#include <fstream>

#include "uringbench/base/affinity.hpp"
#include "uringbench/base/build.hpp"
#include "uringbench/base/cgroup.hpp"
#include "uringbench/base/directory.hpp"
#include "uringbench/base/error.hpp"
#include "uringbench/base/machine_kind.hpp"
#include "uringbench/base/units.hpp"
#include "uringbench/net/limits.hpp"
#include "uringbench/uring/abi.hpp"
#include "uringbench/uring/ring.hpp"

namespace ub::role {
namespace {

std::string missing(const std::string& path) {
  return fmt::format("unavailable: {}: {}", path, describe_errno(errno));
}

/// The first line of a file of /proc or /sys, or why it cannot be read.
std::string first_line(const std::string& path) {
  errno = 0;
  std::ifstream file(path);
  std::string line;
  if (!std::getline(file, line)) return missing(path);
  return line;
}

/// ARM names the part by numbers; boards say what they are in the device tree.
std::string arm_model() {
  errno = 0;
  std::ifstream file("/proc/cpuinfo");
  if (!file) return missing("/proc/cpuinfo");
  std::string implementer;
  std::string part;
  for (std::string line; std::getline(file, line) && part.empty();) {
    const std::size_t colon = line.find(": ");
    if (colon == std::string::npos) continue;
    if (line.starts_with("CPU implementer")) implementer = line.substr(colon + 2);
    if (line.starts_with("CPU part")) part = line.substr(colon + 2);
  }
  std::ifstream tree("/sys/firmware/devicetree/base/model");
  std::string board;
  std::getline(tree, board, '\0');
  if (part.empty() && board.empty()) {
    return "unavailable: /proc/cpuinfo has neither 'model name' nor 'CPU part'";
  }
  std::string text =
      part.empty() ? "" : fmt::format("CPU implementer {} part {}", implementer, part);
  if (!board.empty()) text += fmt::format("{}{}", text.empty() ? "" : ", ", board);
  return text;
}

std::string cpu_model() {
  std::ifstream file("/proc/cpuinfo");
  std::string line;
  while (std::getline(file, line)) {
    if (line.starts_with("model name")) return line.substr(line.find(':') + 2);
  }
  return arm_model();
}

/// "meltdown: Not affected; spectre_v2: Mitigation: …" of /sys/devices/system/cpu/vulnerabilities.
std::string mitigations() {
  const std::filesystem::path directory = "/sys/devices/system/cpu/vulnerabilities";
  const DirectoryNames all = names_in_directory(directory);
  if (!all.whole()) return "unavailable: " + all.failure;
  std::string text;
  for (const std::string& name : all.names) {
    text += fmt::format("{}{}: {}", text.empty() ? "" : "; ", name,
                        first_line((directory / name).string()));
  }
  return text;
}

/// Packet sockets see every skb and so turn zero-copy sends into copies, on any device.
std::string packet_sockets() {
  std::ifstream file("/proc/net/packet");
  if (!file) return missing("/proc/net/packet");
  std::size_t lines = 0;
  for (std::string line; std::getline(file, line);) ++lines;
  return fmt::format("{} open", lines > 0 ? lines - 1 : 0);  // the first line is a heading
}

std::string limit_text(std::uint64_t bytes) {
  return bytes == net::kUnlimited ? "unlimited" : format_size(bytes);
}

std::string open_files_limit() {
  rlimit limit{};
  if (::getrlimit(RLIMIT_NOFILE, &limit) != 0) return missing("RLIMIT_NOFILE");
  return fmt::format("{} (hard {})", limit.rlim_cur, limit.rlim_max);
}

std::string liburing_version() {
#if defined(IO_URING_VERSION_MAJOR)
  return fmt::format("{}.{}", IO_URING_VERSION_MAJOR, IO_URING_VERSION_MINOR);
#else
  return "2.3 or older (it does not say)";  // the version macros came with 2.4
#endif
}

std::string supported_features(const uring::Probe& probe) {
  std::string text;
  for (const uring::Finding& finding : probe.findings()) {
    if (finding.present()) text += fmt::format("{}{}", text.empty() ? "" : ", ", finding.name);
  }
  if (text.empty()) text = "none: " + probe.of(uring::Feature::ring).detail;
  std::string untried;
  for (const uring::Finding& finding : probe.findings()) {
    if (finding.support != uring::Support::untried) continue;
    untried += fmt::format("{}{}", untried.empty() ? "" : ", ", finding.name);
  }
  return untried.empty() ? text : fmt::format("{}; could not be tried: {}", text, untried);
}

void add_machine(Facts& facts) {
  utsname system{};
  ::uname(&system);
  facts["kernel"] = fmt::format("{} {} {}", system.sysname, system.release, system.machine);
  facts["kernel_build"] = system.version;
  facts["kernel_command_line"] = first_line("/proc/cmdline");
  facts["cpu_model"] = cpu_model();
  facts["hypervisor"] = to_text(hypervisor_of(hypervisor_signature(), facts["cpu_model"]));
  facts["kernel_debug"] = to_text(kernel_debug("/"));
  facts["cpus_allowed"] = format_cpu_list(allowed_cpus());
  facts["clock_source"] =
      first_line("/sys/devices/system/clocksource/clocksource0/current_clocksource");
  facts["governor"] = first_line("/sys/devices/system/cpu/cpu0/cpufreq/scaling_governor");
  facts["mitigations"] = mitigations();
  facts["load_average"] = first_line("/proc/loadavg");
}

void add_network(Facts& facts) {
  const std::string ipv4 = "/proc/sys/net/ipv4/";
  const std::string core = "/proc/sys/net/core/";
  facts["congestion_control"] = first_line(ipv4 + "tcp_congestion_control");
  facts["congestion_control_available"] = first_line(ipv4 + "tcp_available_congestion_control");
  facts["tcp_wmem"] = first_line(ipv4 + "tcp_wmem");
  facts["tcp_rmem"] = first_line(ipv4 + "tcp_rmem");
  facts["wmem_max"] = first_line(core + "wmem_max");
  facts["rmem_max"] = first_line(core + "rmem_max");
  facts["optmem_max"] = first_line(core + "optmem_max");
  facts["somaxconn"] = first_line(core + "somaxconn");
  facts["loopback_mtu"] = first_line("/sys/class/net/lo/mtu");
  facts["packet_sockets"] = packet_sockets();
}

std::string quota_text(const CpuQuotaReading& reading) {
  if (const auto* none = std::get_if<Unavailable>(&reading)) return "unavailable: " + none->reason;
  const auto* quota = std::get_if<CpuQuota>(&reading);
  return quota == nullptr ? "none" : fmt::format("{:g} CPUs ({})", quota->cpus, quota->file);
}

void add_limits(Facts& facts) {
  facts["cpu_quota"] = quota_text(cpu_quota());
  facts["memlock_limit"] = limit_text(net::memlock_limit_bytes());
  facts["open_files_limit"] = open_files_limit();
  facts["user_id"] = fmt::format("{}", ::geteuid());
  facts["io_uring_disabled"] = first_line("/proc/sys/kernel/io_uring_disabled");
  facts["perf_event_paranoid"] = first_line("/proc/sys/kernel/perf_event_paranoid");
}

}  // namespace

Environment describe_environment(const uring::Probe& probe, std::uint64_t seed) {
  Environment environment{.facts = {}, .seed = seed};
  Facts& facts = environment.facts;
  facts["program"] = fmt::format("uringbench {}", program_version());
  facts["build_type"] = build_type();
  if (!build_warning().empty()) facts["build_warning"] = build_warning();
  facts["liburing"] = liburing_version();
  facts["io_uring_features"] = supported_features(probe);
  add_machine(facts);
  add_network(facts);
  add_limits(facts);
  return environment;
}

}  // namespace ub::role
