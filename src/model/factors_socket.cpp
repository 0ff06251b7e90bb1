// Rows of the factor table: connections, memory, devices of links, and how is measured. See
// factor.hpp for the fields.
#include "factor_forms.hpp"
#include "factor_rows.hpp"

namespace ub {

using forms::factor;

namespace {

std::string why_no_tcp(const Case& c) {
  return has_tcp(c) ? ""
                    : fmt::format("--transport {} has no use for it; choose tcp or tcp6",
                                  to_text(c.transport));
}

bool has_device(const LinkFacts& link) {
  return link.device == LinkDevice::own;
}

bool has_delay(const LinkFacts& link) {
  return link.delay == LinkDelay::netem;
}

bool delivers(const LinkFacts& link) {
  return link.delivery != Delivery::dropped;
}

std::string why_no_device(const Case& c) {
  if (has_device(facts_of(c.link))) return "";
  return fmt::format("{} has no device of its own; add --link {}", to_text(c.link),
                     names_of_links(has_device, "or"));
}

std::string why_no_delay(const Case& c) {
  if (has_delay(facts_of(c.link))) return "";
  return fmt::format("{} has no delay; add --link {}", to_text(c.link),
                     names_of_links(has_delay, "or"));
}

std::string why_nothing_arrives(const Case& c) {
  if (!drops(c.link)) return "";
  return fmt::format("nothing arrives from {}; leave it out, or choose --link {}", to_text(c.link),
                     names_of_links(delivers, "or"));
}

std::string why_impossible_lowat(const Case& c) {
  if (!has_requests(c.workload) || c.client_lowat_bytes <= c.size_bytes) return "";
  return fmt::format(
      "--client-lowat {} with responses of {}: it would hide the last response for ever; it may be "
      "{} at most",
      format_size(c.client_lowat_bytes), format_size(c.size_bytes), format_size(c.size_bytes));
}

std::string why_impossible_verify(const Case& c) {
  if (c.verify == Switch::off || sends(c.workload)) return "";
  return fmt::format(
      "--verify with --workload {}: it is the load generator that checks what it receives, and "
      "there it receives nothing",
      to_text(c.workload));
}

std::string buffer_text(std::string_view name, std::uint64_t size_bytes) {
  return fmt::format("{} {}", name, size_bytes == 0 ? "auto" : format_size(size_bytes));
}

std::string pinning_text(std::string_view role, const std::string& cpus) {
  if (cpus.empty()) return fmt::format("{} not pinned", role);
  return fmt::format("{} on CPU {}", role, cpus);
}

std::string congestion_title(const Case& c) {
  if (!has_tcp(c)) return "";
  return "congestion control " + (c.congestion.empty() ? "of the system" : c.congestion);
}

/// As it was asked for, unless what is in effect is much more: large messages, of which there are
/// at least a few.
std::string working_set_title(const Case& c) {
  constexpr std::uint64_t kMuch = 2;
  const std::uint64_t asked = c.working_set_asked_bytes;
  if (asked == 0) return fmt::format("working set {}", format_size(c.working_set_bytes));
  if (c.working_set_bytes < kMuch * asked) return fmt::format("working set {}", format_size(asked));
  return fmt::format("working set {} (asked: {})", format_size(c.working_set_bytes),
                     format_size(asked));
}

std::vector<Factor> memory_factors() {
  constexpr std::uint64_t kMostWorkingSetBytes = 64ULL << 30U;
  return {
      factor({.key = "working_set_bytes",
              .column = "working_set",
              .follows_size = true,
              .title = working_set_title},
             UB_MEMBER(working_set_bytes),
             forms::Size{1, std::numeric_limits<std::uint64_t>::max(), true}),
      factor({.option = "working-set",
              .key = "working_set_asked_bytes",
              .column = "working_set_asked",
              .help = "Distinct message bytes the sender rotates through: beyond the cache, "
                      "copying costs more",
              .default_value = "1M",
              .always_recorded = false},
             UB_MEMBER(working_set_asked_bytes), forms::Size{1, kMostWorkingSetBytes, true}),
      factor({.option = "fields",
              .key = "fields",
              .help = "Heap fields per message",
              .default_value = "8",
              .title = [](const Case& c) { return fmt::format("fields {}", c.fields); }},
             UB_MEMBER(fields), forms::Count{1, kMaxFields}),
  };
}

std::vector<Factor> tcp_factors() {
  return {
      factor({.option = "nodelay",
              .key = "nodelay",
              .group = OptionGroup::sockets,
              .help = "TCP_NODELAY on both ends; it changes small messages 5 to 7 times",
              .default_note = "on with requests, else off",
              .why_idle = why_no_tcp,
              .title =
                  [](const Case& c) {
                    return has_tcp(c) ? fmt::format("nodelay {}", to_text(c.nodelay))
                                      : std::string();
                  }},
             UB_MEMBER(nodelay), forms::Name<Switch>{"on or off"}),
      factor({.option = "congestion",
              .key = "congestion",
              .group = OptionGroup::sockets,
              .help = "TCP congestion control",
              .default_note = "cubic where the kernel has it (bbr paces loopback)",
              .example = "reno",
              .why_idle = why_no_tcp,
              .title = congestion_title},
             UB_MEMBER(congestion), forms::Text{}),
  };
}

std::vector<Factor> buffer_factors() {
  constexpr std::uint64_t kMostBufferBytes = 1ULL << 62U;  // the kernel says what it takes
  const forms::Size buffer{0, kMostBufferBytes};
  return {
      factor(
          {.option = "send-buffer",
           .key = "send_buffer_bytes",
           .group = OptionGroup::sockets,
           .help = "SO_SNDBUF of the server; 0 leaves it to the kernel",
           .default_value = "0",
           .example = "64K",
           .title = [](const Case& c) { return buffer_text("send buffer", c.send_buffer_bytes); }},
          UB_MEMBER(send_buffer_bytes), buffer),
      factor(
          {.option = "receive-buffer",
           .key = "receive_buffer_bytes",
           .group = OptionGroup::sockets,
           .help = "SO_RCVBUF of the clients; 0 leaves it to the kernel",
           .default_value = "0",
           .example = "64K",
           .why_idle = why_nothing_arrives,
           .title =
               [](const Case& c) { return buffer_text("receive buffer", c.receive_buffer_bytes); }},
          UB_MEMBER(receive_buffer_bytes), buffer),
      factor({.option = "client-lowat",
              .key = "client_lowat_bytes",
              .group = OptionGroup::sockets,
              .help = "SO_RCVLOWAT of the clients; 0 is off. It starves senders that wait for "
                      "notifications",
              .default_value = "0",
              .why_idle = why_nothing_arrives,
              .why_impossible = why_impossible_lowat,
              .title =
                  [](const Case& c) {
                    return c.client_lowat_bytes == 0
                               ? std::string("client lowat off")
                               : buffer_text("client lowat", c.client_lowat_bytes);
                  }},
             UB_MEMBER(client_lowat_bytes), buffer),
      factor({.option = "verify",
              .key = "verify",
              .help = "Check every byte and the order on arrival; slower, and marked",
              .default_value = "off",
              .flag = true,
              .why_idle = why_nothing_arrives,
              .why_impossible = why_impossible_verify,
              .title = [](const Case& c) { return fmt::format("verify {}", to_text(c.verify)); }},
             UB_MEMBER(verify), forms::Name<Switch>{"on or off"}),
  };
}

std::vector<Factor> device_factors() {
  constexpr std::uint32_t kLeastMtuBytes = 576;  // that every IPv4 link takes (RFC 791)
  constexpr std::uint32_t kMostMtuBytes = 65'535;
  constexpr std::uint64_t kMostDelayNs = 10'000'000'000;
  static const std::string mtu_help = fmt::format(
      "Bytes of the largest packet of the device of {}. Larger datagrams go by UDP_SEGMENT",
      names_of_links(has_device, "and"));
  static const std::string delay_help =
      fmt::format("One way, of {}, by netem", names_of_links(has_delay, "and"));
  return {
      factor({.option = "mtu",
              .key = "mtu_bytes",
              .group = OptionGroup::sockets,
              .help = mtu_help,
              .default_note = "65535",
              .example = "1500",
              .example_with = "--link sink",
              .always_recorded = false,
              .recorded_when_idle = false,
              .why_idle = why_no_device},
             UB_MEMBER(device.mtu_bytes), forms::Count{kLeastMtuBytes, kMostMtuBytes, true}),
      factor({.option = "link-offloads",
              .key = "link_offloads",
              .group = OptionGroup::sockets,
              .help = "Scatter-gather and checksums of that device; off: zero-copy copies",
              .default_value = "on",
              .example_with = "--link sink",
              .always_recorded = false,
              .recorded_when_idle = false,
              .why_idle = why_no_device},
             UB_MEMBER(device.offloads), forms::Name<Switch>{"on or off"}),
      factor({.option = "link-delay",
              .key = "link_delay_ns",
              .group = OptionGroup::sockets,
              .help = delay_help,
              .default_value = "0s",
              .example = "1ms",
              .example_with = "--link veth",
              .always_recorded = false,
              .recorded_when_idle = false,
              .why_idle = why_no_delay},
             UB_MEMBER(device.delay_ns), forms::Time{0, kMostDelayNs}),
  };
}

}  // namespace

std::vector<Factor> socket_factors() {
  std::vector<Factor> rows;
  for (auto& part : {tcp_factors(), memory_factors(), device_factors(), buffer_factors()}) {
    rows.insert(rows.end(), part.begin(), part.end());
  }
  return rows;
}

std::vector<Factor> setting_factors() {
  constexpr std::uint64_t kShortestWindowNs = 10'000'000;
  constexpr std::uint64_t kLongestNs = 3'600ULL * 1'000'000'000;
  const forms::Text cpus{.kType = "CPUS", .may_be_empty = true};  // plan says what it may be
  return {
      factor({.option = "server-cpus",
              .key = "server_cpus",
              .kind = FactorKind::setting,
              .group = OptionGroup::sockets,
              .help = "CPUs of the server",
              .default_note = "the last",
              .example = "0",
              .title = [](const Case& c) { return pinning_text("server", c.server_cpus); }},
             UB_MEMBER(server_cpus), cpus),
      factor({.option = "client-cpus",
              .key = "client_cpus",
              .kind = FactorKind::setting,
              .group = OptionGroup::sockets,
              .help = "CPUs of the load generator",
              .default_note = "the first",
              .example = "1",
              .title = [](const Case& c) { return pinning_text("client", c.client_cpus); }},
             UB_MEMBER(client_cpus), cpus),
      factor({.option = "warmup",
              .key = "warmup_ns",
              .kind = FactorKind::setting,
              .group = OptionGroup::repetition,
              .help = "Run before the window and thrown away",
              .default_value = "300ms",
              .example = "10ms",
              .title = [](const Case& c) { return forms::time_title("warm-up", c.warmup_ns); }},
             UB_MEMBER(warmup_ns), forms::Time{0, kLongestNs}),
      factor({.option = "duration",
              .short_option = "d",
              .key = "duration_ns",
              .kind = FactorKind::setting,
              .group = OptionGroup::repetition,
              .help = "Measured window of one sample",
              .default_value = "1s",
              .default_note = "1s (300ms without any option)",
              .example = "30ms",
              .title = [](const Case& c) { return forms::time_title("window", c.duration_ns); }},
             UB_MEMBER(duration_ns), forms::Time{kShortestWindowNs, kLongestNs}),
  };
}

}  // namespace ub
