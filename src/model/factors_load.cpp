// Rows of the factor table: what is moved, by whom, over what. See factor.hpp for the fields.
#include "factor_forms.hpp"
#include "factor_rows.hpp"

namespace ub {

using forms::factor;

namespace {

std::string why_no_requests(const Case& c) {
  if (has_requests(c.workload)) return "";
  return fmt::format("workload {} has no use for it; choose --workload {}", to_text(c.workload),
                     workloads_with_requests());
}

/// A connection that carries one request leaves no choice of depth, and its clients, which wait for
/// the server's close, form a closed loop.
std::string why_no_pace(const Case& c) {
  const auto paced = [](const WorkloadFacts& each) {
    return each.requests != Requests::none && each.connections == Connections::kept;
  };
  if (paced(facts_of(c.workload))) return "";
  return fmt::format("workload {} {}; choose --workload {}", to_text(c.workload),
                     has_requests(c.workload)
                         ? "has one request a connection, and one connection a client at a time"
                         : "has no use for it",
                     workload_names(paced, " or "));
}

std::string why_no_request_size(const Case& c) {
  const auto sized = [](const WorkloadFacts& each) { return each.requests == Requests::sized; };
  const WorkloadFacts& workload = facts_of(c.workload);
  if (sized(workload)) return "";
  const bool as_message = workload.requests == Requests::as_message;
  return fmt::format("workload {} {}; choose --workload {}", workload.name,
                     as_message ? "has requests as large as its messages" : "has no use for it",
                     workload_names(sized, " or "));
}

/// A row keeps no text of its own, so these live as long as the program.
std::string_view workload_help() {
  static const std::string workload_help = [] {
    std::string text;
    for (const WorkloadFacts& each : kWorkloads) {
      text += fmt::format("{}{} ({})", text.empty() ? "" : ", ", each.name, each.help);
    }
    return "What the two ends do: " + text;
  }();
  return workload_help;
}

std::string_view accepted_workloads() {
  static const std::string workloads_accepted =
      "one of " + workload_names([](const WorkloadFacts&) { return true; }, ", ");
  return workloads_accepted;
}

std::string why_no_gaps(const Case& c) {
  return c.rate_per_s > 0 ? "" : "a closed loop has none; give a --rate";
}

std::string help_of_links() {
  std::vector<std::string_view> parts;
  for (const Link link : all_links()) parts.push_back(facts_of(link).help);
  return fmt::format("{}", fmt::join(parts, ", "));
}

bool has_udp_by_default(const LinkFacts& link) {
  return link.carries.front() == Transport::udp;
}

/// With what was asked of its device, where that is not the default.
std::string link_title(const Case& c) {
  std::string text = fmt::format("over {}", to_text(c.link));
  if (c.device.mtu_bytes != 0) text += fmt::format(" of MTU {}", c.device.mtu_bytes);
  if (c.device.offloads == Switch::off) text += " without offloads";
  if (c.device.delay_ns != 0) text += " with " + forms::time_title("delay", c.device.delay_ns);
  return text;
}

std::string request_size_title(const Case& c) {
  return c.request_size_bytes == 0
             ? std::string()
             : fmt::format("requests of {}", format_size(c.request_size_bytes));
}

std::string depth_title(const Case& c) {
  if (!has_requests(c.workload) || connects_per_request(c.workload)) return "";
  return c.depth == 0 ? "any depth" : fmt::format("depth {}", c.depth);
}

std::string why_impossible_depth(const Case& c) {
  const bool bounded = c.depth > 0 || c.rate_per_s > 0 || !has_requests(c.workload) ||
                       connects_per_request(c.workload);
  return bounded ? ""
                 : fmt::format(
                       "--depth: '0' is out of range in a closed loop; 1 to {} are "
                       "accepted, or a --rate",
                       kMaxDepth);
}

std::string rate_title(const Case& c) {
  if (!has_requests(c.workload)) return "";
  return c.rate_per_s == 0 ? "closed loop" : fmt::format("open loop of {}/s", c.rate_per_s);
}

}  // namespace

std::vector<Factor> mode_factors() {
  return {
      factor({.key = "engine", .kind = FactorKind::variant}, UB_MEMBER(engine),
             forms::Name<EngineKind>{"an engine"}),
      factor({.key = "path", .kind = FactorKind::variant, .example = "gather"}, UB_MEMBER(path),
             forms::Text{}),
      factor({.key = "family", .kind = FactorKind::variant}, UB_MEMBER(family),
             forms::Name<Family>{"a family"}),
  };
}

// NOLINTNEXTLINE(readability-function-size): a table
std::vector<Factor> load_factors() {
  static const std::string link_help = "Between the two ends: " + help_of_links();
  static const std::string links_accepted =
      "a link; accepted are " + names_of_links([](const LinkFacts&) { return true; }, "and");
  static const std::string transport_default =
      fmt::format("tcp, or udp with --link {}", names_of_links(has_udp_by_default, "or"));
  return {
      factor({.option = "workload",
              .short_option = "w",
              .key = "workload",
              .help = workload_help(),
              .default_value = "stream",
              .title = [](const Case& c) { return std::string(to_text(c.workload)); }},
             UB_MEMBER(workload), forms::Name<Workload>{accepted_workloads()}),
      factor({.option = "link",
              .key = "link",
              .help = link_help,
              .default_value = "loopback",
              .title = link_title},
             UB_MEMBER(link), forms::Name<Link>{links_accepted}),
      factor({.option = "transport",
              .key = "transport",
              .group = OptionGroup::sockets,
              .help = "tcp (IPv4), tcp6, unix (a unix-domain stream socket) or udp",
              .default_note = transport_default,
              .title = [](const Case& c) { return std::string(to_text(c.transport)); }},
             UB_MEMBER(transport), forms::Name<Transport>{"one of tcp, tcp6, unix, udp"}),
      factor({.option = "size",
              .short_option = "s",
              .key = "size_bytes",
              .column = "msg_size",
              .varies = Varies::fastest,
              .help = "Message sizes",
              .default_value = "64,4K,64K",
              .follows_size = true,
              .title = [](const Case& c) { return "size " + format_size(c.size_bytes); }},
             UB_MEMBER(size_bytes), forms::Size{1, kMaxMessageBytes}),
      factor({.option = "clients",
              .short_option = "c",
              .key = "clients",
              .column = "threads",
              .varies = Varies::faster,
              .help = "Connections",
              .default_value = "1",
              .title =
                  [](const Case& c) {
                    return fmt::format("{} client{}", c.clients, c.clients == 1 ? "" : "s");
                  }},
             UB_MEMBER(clients), forms::Count{1, kMaxClients}),
  };
}

// NOLINTNEXTLINE(readability-function-size): a table
std::vector<Factor> request_factors() {
  return {
      factor({.option = "request-size",
              .key = "request_size_bytes",
              .group = OptionGroup::requests,
              .help = "Bytes of a request",
              .default_note = "64; echo: as --size",
              .example_with = "--workload rr",
              .always_recorded = false,
              .why_idle = why_no_request_size,
              .title = request_size_title},
             UB_MEMBER(request_size_bytes), forms::Size{1, kMaxMessageBytes, true}),
      factor({.option = "rate",
              .key = "rate_per_s",
              .group = OptionGroup::requests,
              .help = "Requests per second of all clients together, at times fixed in advance "
                      "(open loop): latency counts from when a request should have gone. 25%: of "
                      "what the slowest mode can answer, which is measured first",
              .default_note = "none, each response lets the next request go (closed loop)",
              .example_with = "--workload rr",
              .always_recorded = false,
              .why_idle = why_no_pace,
              .title = rate_title},
             UB_MEMBER(rate_per_s), forms::Rate{kMaxRate}),
      factor({.option = "depth",
              .key = "depth",
              .group = OptionGroup::requests,
              .help = "Requests in flight per connection; open loop: 0 is no bound",
              .default_note = "1, or 0 with --rate",
              .example = "4",
              .example_with = "--workload rr",
              .always_recorded = false,
              .why_idle = why_no_pace,
              .why_impossible = why_impossible_depth,
              .title = depth_title},
             UB_MEMBER(depth), forms::Count{0, kMaxDepth}),
      factor({.option = "gaps",
              .key = "gaps",
              .group = OptionGroup::requests,
              .help = "Between two requests of an open loop: fixed or poisson",
              .default_value = "fixed",
              .example_with = "--workload rr --rate 1000",
              .always_recorded = false,
              .why_idle = why_no_gaps,
              .title =
                  [](const Case& c) {
                    return c.rate_per_s == 0 ? std::string()
                                             : fmt::format("{} gaps", to_text(c.gaps));
                  }},
             UB_MEMBER(gaps), forms::Name<Gaps>{"fixed or poisson"}),
      factor({.option = "client-wait",
              .key = "client_wait",
              .group = OptionGroup::requests,
              .help = "How the load generator waits for responses: block or spin",
              .default_value = "block",
              .example_with = "--workload rr",
              .always_recorded = false,
              .why_idle = why_no_requests,
              .title =
                  [](const Case& c) {
                    return has_requests(c.workload)
                               ? fmt::format("clients {}", to_text(c.client_wait))
                               : std::string();
                  }},
             UB_MEMBER(client_wait), forms::Name<Wait>{"block or spin"}),
  };
}

}  // namespace ub
