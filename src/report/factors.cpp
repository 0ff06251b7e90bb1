#include "factors.hpp"

#include <fmt/format.h>

#include <array>

#include "uringbench/base/units.hpp"

namespace ub::report {
namespace {

std::string buffer_text(std::string_view name, std::uint64_t size_bytes) {
  return fmt::format("{} {}", name, size_bytes == 0 ? "auto" : format_size(size_bytes));
}

std::string pinning_text(std::string_view role, const std::string& cpus) {
  if (cpus.empty()) return fmt::format("{} not pinned", role);
  return fmt::format("{} on CPU {}", role, cpus);
}

std::string time_text(std::string_view name, std::uint64_t duration_ns) {
  return fmt::format("{} {}", name, format_duration(static_cast<double>(duration_ns)));
}

/// With what was asked of its device, where that is not the default.
std::string link_text(const Case& c) {
  std::string text = fmt::format("over {}", to_text(c.link));
  if (c.device.mtu_bytes != 0) text += fmt::format(" of MTU {}", c.device.mtu_bytes);
  if (c.device.offloads == Switch::off) text += " without offloads";
  if (c.device.delay_ns != 0) text += " with " + time_text("delay", c.device.delay_ns);
  return text;
}

/// As it was asked for, unless what is in effect is much more: large messages, of which there are
/// at least a few.
std::string working_set_text(const Case& c) {
  constexpr std::uint64_t kMuch = 2;
  const std::uint64_t asked = c.working_set_asked_bytes;
  if (asked == 0) return fmt::format("working set {}", format_size(c.working_set_bytes));
  if (c.working_set_bytes < kMuch * asked) return fmt::format("working set {}", format_size(asked));
  return fmt::format("working set {} (asked: {})", format_size(c.working_set_bytes),
                     format_size(asked));
}

bool has_tcp(const Case& c) {
  return c.transport == Transport::tcp || c.transport == Transport::tcp6;
}

constexpr std::array<Factor, 22> kFactors{{
    {"workload", [](const Case& c) { return std::string(to_text(c.workload)); }},
    {"link", link_text},
    {"transport", [](const Case& c) { return std::string(to_text(c.transport)); }},
    {"size_bytes", [](const Case& c) { return fmt::format("size {}", format_size(c.size_bytes)); }},
    {"clients",
     [](const Case& c) {
       return fmt::format("{} client{}", c.clients, c.clients == 1 ? "" : "s");
     }},
    {"request_size_bytes",
     [](const Case& c) {
       return c.request_size_bytes == 0
                  ? std::string()
                  : fmt::format("requests of {}", format_size(c.request_size_bytes));
     }},
    {"depth",
     [](const Case& c) {
       if (!has_requests(c.workload)) return std::string();
       return c.depth == 0 ? std::string("any depth") : fmt::format("depth {}", c.depth);
     }},
    {"rate_per_s",
     [](const Case& c) {
       if (!has_requests(c.workload)) return std::string();
       return c.rate_per_s == 0 ? std::string("closed loop")
                                : fmt::format("open loop of {}/s", c.rate_per_s);
     }},
    {"gaps",
     [](const Case& c) {
       return c.rate_per_s == 0 ? std::string() : fmt::format("{} gaps", to_text(c.gaps));
     }},
    {"client_wait",
     [](const Case& c) {
       return has_requests(c.workload)
                  ? fmt::format("clients {}", c.client_wait == Wait::spin ? "spin" : "block")
                  : std::string();
     }},
    {"nodelay",
     [](const Case& c) {
       return has_tcp(c) ? fmt::format("nodelay {}", to_text(c.nodelay)) : std::string();
     }},
    {"congestion",
     [](const Case& c) {
       if (!has_tcp(c)) return std::string();
       return "congestion control " + (c.congestion.empty() ? "of the system" : c.congestion);
     }},
    {"working_set_bytes", working_set_text},
    {"fields", [](const Case& c) { return fmt::format("fields {}", c.fields); }},
    {"send_buffer_bytes",
     [](const Case& c) { return buffer_text("send buffer", c.send_buffer_bytes); }},
    {"receive_buffer_bytes",
     [](const Case& c) { return buffer_text("receive buffer", c.receive_buffer_bytes); }},
    {"client_lowat_bytes",
     [](const Case& c) {
       return c.client_lowat_bytes == 0 ? std::string("client lowat off")
                                        : buffer_text("client lowat", c.client_lowat_bytes);
     }},
    {"verify", [](const Case& c) { return fmt::format("verify {}", to_text(c.verify)); }},
    {"server_cpus", [](const Case& c) { return pinning_text("server", c.server_cpus); }},
    {"client_cpus", [](const Case& c) { return pinning_text("client", c.client_cpus); }},
    {"warmup_ns", [](const Case& c) { return time_text("warm-up", c.warmup_ns); }},
    {"duration_ns", [](const Case& c) { return time_text("window", c.duration_ns); }},
}};

}  // namespace

std::span<const Factor> factors() {
  return kFactors;
}

bool comparable(const Case& left, const Case& right) {
  return without_arm(left) == without_arm(right);
}

}  // namespace ub::report
