// What is refused before a plan is made.
#include "ranges.hpp"

#include <fmt/format.h>
#include <sys/socket.h>

#include <algorithm>
#include <cerrno>
#include <set>

#include "uringbench/base/error.hpp"
#include "uringbench/base/unique_fd.hpp"
#include "uringbench/base/units.hpp"
#include "uringbench/net/socket_options.hpp"
#include "uringbench/receive/registry.hpp"

namespace ub::plan {
namespace {

constexpr std::uint64_t kShortestWindowNs = 10'000'000;
constexpr std::uint64_t kLongestWindowNs = 3'600ULL * 1'000'000'000;
constexpr std::uint32_t kLeastMtuBytes = 576;  // that every IPv4 link takes (RFC 791)
constexpr std::uint64_t kMostWorkingSetBytes = 64ULL << 30U;

void require(bool holds, std::string_view option, const std::string& value,
             const std::string& accepted) {
  if (holds) return;
  throw UsageError(
      fmt::format("{}: '{}' is out of range; {} are accepted", option, value, accepted));
}

/// "1ms": as it is typed, not as it is printed.
std::string typed(std::uint64_t duration_ns) {
  std::string text = format_duration(static_cast<double>(duration_ns));
  std::erase(text, ' ');
  return text;
}

template <typename Value>
std::string text_of(const Value& value) {
  if constexpr (std::is_enum_v<Value>) {
    return std::string(to_text(value));
  } else {
    return fmt::format("{}", value);
  }
}

template <typename Value>
void require_distinct(const std::vector<Value>& values, std::string_view option) {
  std::set<Value> seen;
  for (const Value& value : values) {
    if (seen.insert(value).second) continue;
    throw UsageError(
        fmt::format("{}: '{}' is named twice; name each value once", option, text_of(value)));
  }
}

void check_sizes(const StudyOptions& options) {
  if (options.sizes_bytes.empty()) {
    throw UsageError("--size: needs at least one size, such as 64 or 4K");
  }
  require_distinct(options.sizes_bytes, "--size");
  for (const std::uint64_t size : options.sizes_bytes) {
    require(size >= 1 && size <= kMaxMessageBytes, "--size", format_size(size),
            fmt::format("1 to {}", format_size(kMaxMessageBytes)));
  }
}

void check_links(const StudyOptions& options) {
  std::vector<std::string> names;
  for (const Link link : options.links) names.emplace_back(to_text(link));
  require_distinct(names, "--link");
  const auto has = [&](Link link) {
    return std::find(options.links.begin(), options.links.end(), link) != options.links.end();
  };
  const std::uint32_t mtu = options.device.mtu_bytes;
  require(mtu == 0 || mtu >= kLeastMtuBytes, "--mtu", fmt::to_string(mtu), "576 to 65535");
  const bool device = has(Link::veth) || has(Link::sink) || has(Link::tcp_sink);
  if (!device && options.device != LinkFactors{}) {
    throw UsageError(
        "--mtu, --link-offloads and --link-delay: loopback has no device of its own; add --link "
        "veth, sink or tcp-sink");
  }
  if (options.device.delay_ns > 0 && !has(Link::veth)) {
    throw UsageError("--link-delay: only veth has a delay; add --link veth");
  }
  if (options.verify == Switch::on && (has(Link::sink) || has(Link::tcp_sink))) {
    throw UsageError("--verify: nothing arrives from a sink; leave it out, or choose --link veth");
  }
}

void check_clients(const StudyOptions& options) {
  if (options.clients.empty()) {
    throw UsageError("--clients: needs at least one number of clients, such as 1 or 8");
  }
  require_distinct(options.clients, "--clients");
  for (const std::uint32_t clients : options.clients) {
    require(clients >= 1 && clients <= kMaxClients, "--clients", fmt::to_string(clients),
            fmt::format("1 to {}", kMaxClients));
  }
}

void check_requests(const StudyOptions& options) {
  require_distinct(options.depths, "--depth");
  require_distinct(options.rates_per_s, "--rate");
  const bool closed = options.rates_per_s.empty();
  for (const std::uint32_t depth : options.depths) {
    require(depth >= (closed ? 1U : 0U) && depth <= kMaxDepth, "--depth", fmt::to_string(depth),
            fmt::format("{} to {}", closed ? 1 : 0, kMaxDepth));
  }
  if (!options.request_size_bytes) return;
  require(*options.request_size_bytes >= 1 && *options.request_size_bytes <= kMaxMessageBytes,
          "--request-size", format_size(*options.request_size_bytes),
          fmt::format("1 to {}", format_size(kMaxMessageBytes)));
}

/// An option that the workload would ignore is refused.
void check_workload(const StudyOptions& options) {
  const auto name = to_text(options.workload);
  const auto refuse = [&](std::string_view option, std::string_view accepted) {
    throw UsageError(fmt::format("{}: workload {} has no use for it; choose --workload {}", option,
                                 name, accepted));
  };
  if (!has_requests(options.workload)) {
    if (options.request_size_bytes) refuse("--request-size", "rr");
    if (!options.depths.empty()) refuse("--depth", "rr or echo");
    if (!options.rates_per_s.empty()) refuse("--rate", "rr or echo");
    if (options.histogram == Switch::on) refuse("--histogram", "rr or echo");
    if (options.client_waits != std::vector{Wait::block}) refuse("--client-wait", "rr or echo");
  }
  if (options.workload == Workload::echo && options.request_size_bytes) {
    throw UsageError(
        "--request-size: an echo is as large as its protocol::message; choose --workload rr");
  }
  if (options.rates_per_s.empty() && options.gaps != Gaps::fixed) {
    throw UsageError("--gaps: a closed loop has none; give a --rate");
  }
  if (!receives(options.workload) && !options.receives.empty()) {
    refuse("--recv", "rr, echo or upload");
  }
}

void check_receives(const StudyOptions& options) {
  require_distinct(options.receives, "--recv");
  for (const std::string& name : options.receives) {
    if (receive::find(name) != nullptr) continue;
    std::string known;
    for (const receive::Descriptor& path : receive::registry()) {
      known += (known.empty() ? "" : ", ") + std::string(path.name);
    }
    throw UsageError(
        fmt::format("--recv: '{}' is not a receive path; accepted are {}", name, known));
  }
}

void check_notifies(const StudyOptions& options) {
  std::vector<std::string> texts;
  for (const NotifyFactors& notify : options.notifies) texts.push_back(notify_text(notify));
  require_distinct(texts, "--notify");
}

void check_server(const StudyOptions& options) {
  require_distinct(options.waits, "--wait");
  require_distinct(options.client_waits, "--client-wait");
  require_distinct(options.transports, "--transport");
  require_distinct(options.ring_setups, "--ring");
  require_distinct(options.reactors, "--reactors");
  for (const std::uint32_t reactors : options.reactors) {
    require(reactors >= 1 && reactors <= kMaxReactors, "--reactors", fmt::to_string(reactors),
            fmt::format("1 to {}", kMaxReactors));
  }
  constexpr std::uint32_t kFewestEntries = 64;
  const std::uint32_t entries = options.ring.cq_entries;
  require(entries == 0 || entries >= kFewestEntries, "--cq-entries", fmt::to_string(entries),
          "64 to 65536");
}

/// Tries `asked` alone, so that the sentence can name its option.
void check_socket(std::string_view option, const net::SocketOptions& asked) {
  const UniqueFd fd(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
  if (!fd) throw_setup_error("creating a TCP socket", errno);
  try {
    net::apply_options(fd.get(), asked);
  } catch (const SetupError& error) {
    throw UsageError(fmt::format("{}: {}", option, error.what()));
  }
}

}  // namespace

void check_ranges(const StudyOptions& options) {
  check_sizes(options);
  check_clients(options);
  check_workload(options);
  check_requests(options);
  check_receives(options);
  check_server(options);
  check_links(options);
  check_notifies(options);
  require(options.reps >= 1 && options.reps <= kMostReps, "--reps", fmt::to_string(options.reps),
          fmt::format("1 to {}", kMostReps));
  require(options.fields >= 1 && options.fields <= kMaxFields, "--fields",
          fmt::to_string(options.fields), fmt::format("1 to {}", kMaxFields));
  require(options.duration_ns >= kShortestWindowNs && options.duration_ns <= kLongestWindowNs,
          "--duration", typed(options.duration_ns), "10ms to 3600s");
  require(options.warmup_ns <= kLongestWindowNs, "--warmup", typed(options.warmup_ns),
          "0s to 3600s");
  require(options.working_set_bytes >= 1 && options.working_set_bytes <= kMostWorkingSetBytes,
          "--working-set", format_size(options.working_set_bytes),
          fmt::format("1 to {}", format_size(kMostWorkingSetBytes)));
  if (options.batch) {
    require(*options.batch >= 1 && *options.batch <= kMaxBatch, "--batch",
            fmt::to_string(*options.batch), fmt::format("1 to {}", kMaxBatch));
  }
}

void check_sockets(const StudyOptions& options) {
  net::SocketOptions congestion;
  congestion.congestion = options.congestion.value_or("");
  check_socket("--congestion", congestion);
  net::SocketOptions send_buffer;
  send_buffer.send_buffer_bytes = options.send_buffer_bytes;
  check_socket("--send-buffer", send_buffer);
  net::SocketOptions receive_buffer;
  receive_buffer.receive_buffer_bytes = options.receive_buffer_bytes;
  check_socket("--receive-buffer", receive_buffer);
  // What a client may wait for depends on its receive buffer, which must be set first.
  receive_buffer.receive_lowat_bytes = options.client_lowat_bytes;
  check_socket("--client-lowat", receive_buffer);
}

}  // namespace ub::plan
