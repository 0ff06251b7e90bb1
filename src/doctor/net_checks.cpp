#include <fmt/format.h>

#include "checks.hpp"
#include "uringbench/base/units.hpp"

namespace ub::doctor {
namespace {

/// Registered buffers and the pages of zero-copy sends under way, of a study with large messages.
constexpr std::uint64_t kEnoughMemlock = 64ULL << 20U;

/// The default since Linux 6.7; 20 KiB before.
constexpr long long kEnoughOptmem = 131072;

}  // namespace

Finding check_congestion(const Tree& tree) {
  Finding finding{.name = "congestion",
                  .severity = Severity::ok,
                  .found = "",
                  .why = "bbr paces even loopback: it halves throughput and trebles the noise",
                  .mend = ""};
  const auto current = tree.line("/proc/sys/net/ipv4/tcp_congestion_control");
  if (!current) {
    finding.severity = Severity::unknown;
    finding.found = "the kernel does not say";
    return finding;
  }
  finding.found = *current;
  if (!current->starts_with("bbr")) return finding;
  const auto available = tree.line("/proc/sys/net/ipv4/tcp_available_congestion_control");
  const bool cubic = available && available->find("cubic") != std::string::npos;
  finding.severity = cubic ? Severity::note : Severity::warning;
  if (cubic) finding.found += ", but cubic is there, and uringbench asks for it";
  finding.mend =
      cubic ? "sudo sysctl net.ipv4.tcp_congestion_control=cubic" : "sudo modprobe tcp_cubic";
  return finding;
}

Finding check_packet_sockets(const Tree& tree) {
  Finding finding{.name = "packet sockets",
                  .severity = Severity::ok,
                  .found = "none open",
                  .why =
                      "a packet socket (tcpdump, some DHCP clients and agents) sees every packet, "
                      "and turns zero-copy sends into copies on any device",
                  .mend = ""};
  const auto lines = tree.lines("/proc/net/packet");
  if (lines.empty()) {
    finding.severity = Severity::unknown;
    finding.found = "/proc/net/packet cannot be read";
  } else if (lines.size() > 1) {  // the first line is a heading
    finding.severity = Severity::warning;
    finding.found = fmt::format("{} open", lines.size() - 1);
    finding.mend = "sudo ss -0 -p  # shows whose they are; end those programs";
  }
  return finding;
}

Finding check_memlock(const Tree& tree, std::uint64_t memlock_bytes) {
  Finding finding{.name = "memlock",
                  .severity = Severity::ok,
                  .found = "",
                  .why =
                      "registered buffers and the pages of zero-copy sends under way are locked "
                      "memory; beyond the limit they fail with ENOMEM or ENOBUFS",
                  .mend = ""};
  const bool unlimited = memlock_bytes >= (1ULL << 62U);
  finding.found = unlimited ? "unlimited" : format_size(memlock_bytes);
  if (has(tree, Capability::ipc_lock)) {
    finding.found += ", and this user is exempt";
  } else if (memlock_bytes < kEnoughMemlock) {
    finding.severity = Severity::warning;
    finding.mend = "ulimit -l unlimited  # the hard limit: /etc/security/limits.conf";
  }
  return finding;
}

Finding check_optmem(const Tree& tree) {
  Finding finding{.name = "optmem",
                  .severity = Severity::ok,
                  .found = "",
                  .why =
                      "each MSG_ZEROCOPY notification is charged to a socket's option memory; a "
                      "small limit makes sends fail with ENOBUFS and wait",
                  .mend = ""};
  const auto limit = tree.number("/proc/sys/net/core/optmem_max");
  if (!limit) {
    finding.severity = Severity::unknown;
    finding.found = "the kernel does not say";
    return finding;
  }
  finding.found = fmt::format("net.core.optmem_max is {}", *limit);
  if (*limit >= kEnoughOptmem) return finding;
  finding.severity = Severity::warning;
  finding.mend = fmt::format("sudo sysctl net.core.optmem_max={}", kEnoughOptmem);
  return finding;
}

}  // namespace ub::doctor
