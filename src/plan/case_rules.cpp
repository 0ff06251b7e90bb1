// Which combinations of factors there can be, each rule with its reason.
#include "case_rules.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <climits>

#include "uringbench/base/units.hpp"
#include "uringbench/link/descriptor.hpp"
#include "uringbench/receive/registry.hpp"

namespace ub::plan {
namespace {

/// A larger operation would have to hold all its messages in memory at once, four times over.
constexpr std::uint64_t kMostOperationBytes = 256ULL << 20U;

std::string batch_rule(const Case& c, const path::Descriptor& path) {
  if (has_requests(c.workload) && c.batch > 1) {
    return fmt::format(
        "--batch {} with --workload {}: a response is sent when its request has "
        "come, one an operation; it may be 1",
        c.batch, to_text(c.workload));
  }
  if (c.batch * c.size_bytes > kMostOperationBytes) {
    return fmt::format("--batch {} of --size {} is more than {} an operation; it may be {} at most",
                       c.batch, format_size(c.size_bytes), format_size(kMostOperationBytes),
                       kMostOperationBytes / c.size_bytes);
  }
  if (path.batch_limit == path::BatchLimit::iovecs && c.batch * c.fields > IOV_MAX) {
    return fmt::format(
        "--batch {} of --fields {} are {} iovecs, and {} takes {} an operation; it may be {} at "
        "most",
        c.batch, c.fields, c.batch * c.fields, path.name, IOV_MAX, IOV_MAX / c.fields);
  }
  return {};
}

std::string workload_rule(const Case& c, const path::Descriptor& path) {
  const bool null_path = path.family == Family::none;
  if (!sends(c.workload) && !null_path) {
    return fmt::format(
        "--mode {} with --workload {}: the server sends nothing, so its path "
        "makes no difference; name the engine alone ({})",
        mode_name(c), to_text(c.workload), to_text(c.engine));
  }
  if (has_requests(c.workload) && null_path) {
    return fmt::format(
        "--mode {} with --workload {}: the null path sends nothing, so no request "
        "would be answered",
        mode_name(c), to_text(c.workload));
  }
  return {};
}

/// unix(7): no MSG_ZEROCOPY (SO_ZEROCOPY is refused with EOPNOTSUPP, net/core/sock.c), and
/// io_uring's zero-copy sends need a socket with SOCK_SUPPORT_ZC, which only TCP and UDP set
/// (io_uring/net.c). sendfile(2) works by copying.
std::string transport_rule(const Case& c, const path::Descriptor& path) {
  if (c.transport != Transport::unix_stream) return {};
  if (path.reuse == path::Reuse::on_notification) {
    return "unix sockets have no zero-copy sends: the kernel refuses SO_ZEROCOPY and OP_SEND_ZC "
           "with EOPNOTSUPP for all but TCP and UDP";
  }
  const receive::Descriptor* receive = receive::find(c.receive);
  if (receive == nullptr) return {};
  switch (receive->delivery) {
    case receive::Delivery::copied:
      return {};
    case receive::Delivery::mapped:
      return "TCP_ZEROCOPY_RECEIVE is an option of TCP";
    case receive::Delivery::discarded:
      return "MSG_TRUNC drops bytes of a stream on TCP only (tcp(7))";
  }
  return {};
}

std::string ring_rule(const Case& c, const path::Descriptor& path) {
  if (c.engine != EngineKind::uring) return {};
  if (c.ring.registered_files == Switch::on && path.descriptors > 0) {
    return fmt::format("--registered-files with {}: the pipe of its splices is not in the table",
                       path.name);
  }
  return {};
}

std::string pages_rule(const Case& c, const path::Descriptor& path) {
  if (c.huge_pages == Switch::off || path.layout == net::Layout::contiguous) return {};
  return path.layout == net::Layout::fields
             ? fmt::format("--huge-pages with {}: it sends separate heap fields", path.name)
             : fmt::format("--huge-pages with {}: it sends from a file", path.name);
}

std::string notify_rule(const Case& c) {
  if (c.engine == EngineKind::uring && c.notify.when == Notify::lazy) {
    return "--notify lazy with a ring: its notifications are completions, which come without being "
           "looked for; choose ring or ring:N";
  }
  const std::uint64_t operations = c.working_set_bytes / (c.size_bytes * c.batch);
  if (c.notify.buffers > operations) {
    return fmt::format(
        "--notify {} with --working-set {}: it holds {} operations of {}; ring:N may be up to "
        "that, or the working set {}",
        notify_text(c.notify), format_size(c.working_set_bytes), operations,
        format_size(c.size_bytes * c.batch),
        format_size(c.size_bytes * c.batch * c.notify.buffers));
  }
  return {};
}

std::string idle_reason(const Factor& factor, const Case& c, const path::Descriptor& path) {
  switch (factor.path_need) {
    case PathNeed::notifications:
      if (path.reuse == path::Reuse::on_notification) break;
      return fmt::format("{} gets no notifications; choose a mode such as pthread-msg-zerocopy",
                         path.name);
    case PathNeed::send_flags:
      if (path.send_flags) break;
      return fmt::format("{} sends without flags; choose a mode such as pthread-two-copy",
                         path.name);
    case PathNeed::nothing:
      break;
  }
  return factor.idle_reason(c);
}

std::string receive_rule(const Case& c, const uring::Probe& probe) {
  if (!receives(c.workload)) return {};
  const receive::Descriptor* receive = receive::find(c.receive);
  if (receive == nullptr) return fmt::format("there is no receive path '{}'", c.receive);
  return receive::why_unavailable(c.engine, *receive, probe).value_or("");
}

}  // namespace

std::vector<IdleFactor> reset_idle_factors(Case& c, const path::Descriptor& path) {
  static const Case usual;
  std::vector<IdleFactor> idle;
  for (const Factor& factor : factors()) {
    if (factor.equal(c, usual)) continue;
    std::string reason = idle_reason(factor, c, path);
    if (reason.empty()) continue;
    factor.copy(c, usual);
    idle.push_back({&factor, std::move(reason)});
  }
  return idle;
}

std::string why_impossible_case(const Case& c, const path::Descriptor& path,
                                const uring::Probe& probe) {
  const std::array reasons = {why_impossible(c),   link::why_refused(c),    workload_rule(c, path),
                              batch_rule(c, path), transport_rule(c, path), ring_rule(c, path),
                              pages_rule(c, path), notify_rule(c),          receive_rule(c, probe)};
  const auto first = std::find_if(reasons.begin(), reasons.end(),
                                  [](const std::string& reason) { return !reason.empty(); });
  return first == reasons.end() ? std::string() : *first;
}

}  // namespace ub::plan
