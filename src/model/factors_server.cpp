// Rows of the factor table: how the server works. See factor.hpp for the fields.
#include "factor_forms.hpp"
#include "factor_rows.hpp"

namespace ub {

using forms::factor;

namespace {

std::string why_no_receiving(const Case& c) {
  if (receives(c.workload)) return "";
  const auto receiving = [](const WorkloadFacts& each) {
    return each.direction != Direction::to_clients;
  };
  return fmt::format("workload {} has no use for it; choose --workload {}", to_text(c.workload),
                     workload_names(receiving, " or "));
}

std::string why_no_accept(const Case& c) {
  if (!connects_per_request(c.workload)) {
    return fmt::format(
        "workload {} accepts its connections before the run; choose --workload {}",
        to_text(c.workload),
        workload_names(
            [](const WorkloadFacts& each) { return each.connections == Connections::per_request; },
            " or "));
  }
  return c.engine == EngineKind::pthread
             ? "a thread that accepts for all others takes one connection a call; choose a mode of "
               "epoll or uring"
             : "";
}

std::string why_no_reactors(const Case& c) {
  return c.engine == EngineKind::pthread
             ? "a thread per client has no reactors; choose a mode of epoll or uring"
             : "";
}

std::string why_no_ring(const Case& c) {
  return c.engine == EngineKind::uring ? ""
                                       : "only modes of the uring engine have a ring; choose one";
}

std::string why_impossible_min_wait(const Case& c) {
  const bool gathers = c.ring.min_wait_us > 0 && c.wait == Wait::spin;
  return gathers ? "--min-wait with --wait spin: a loop that never waits gathers nothing" : "";
}

std::string why_no_segments(const Case& c) {
  if (!sends(c.workload)) {
    return fmt::format("the server of workload {} sends nothing; choose --workload stream",
                       to_text(c.workload));
  }
  return has_tcp(c) ? ""
                    : fmt::format("--transport {} has no segments to fill; choose tcp or tcp6",
                                  to_text(c.transport));
}

/// TCP keeps a last, partly filled segment until more comes, all before it is acknowledged, or a
/// timer of at least 200 ms ends (tcp_push(), net/ipv4/tcp.c).
std::string why_impossible_more(const Case& c) {
  if (c.msg_more == Switch::off) return "";
  if (has_requests(c.workload)) {
    return fmt::format(
        "--msg-more on with --workload {}: TCP would hold back each response, since nothing "
        "follows it; choose --workload stream",
        to_text(c.workload));
  }
  if (c.notify.when == Notify::each) {
    return "--msg-more on with --notify each: TCP would hold back the very message whose "
           "notification is waited for; choose --notify ring";
  }
  return "";
}

std::string receive_suffix(const Case& c) {
  const std::string_view usual = c.engine == EngineKind::uring ? "multishot" : "recv";
  return c.receive == usual ? std::string() : c.receive;
}

}  // namespace

// NOLINTNEXTLINE(readability-function-size): a table
std::vector<Factor> server_factors() {
  return {
      factor({.option = "batch",
              .key = "batch",
              .kind = FactorKind::variant,
              .help = "Messages per operation",
              .default_note = "1, but 64 for bundle and mmsg (at most 256K per operation)"},
             UB_MEMBER(batch), forms::Count{1, kMaxBatch}),
      factor({.option = "recv",
              .key = "receive",
              .kind = FactorKind::variant,
              .group = OptionGroup::server,
              .help = "How the server receives: recv, trunc, zerocopy-mmap; uring: single, "
                      "multishot, bundle, incremental, read-fixed, trunc",
              .default_note = "recv; uring: multishot",
              .example = "trunc",
              .example_with = "--workload rr --mode pthread",
              .always_recorded = false,
              .why_idle = why_no_receiving,
              .suffix = receive_suffix},
             UB_MEMBER(receive), forms::Text{}),
      factor({.option = "wait",
              .key = "wait",
              .kind = FactorKind::variant,
              .group = OptionGroup::server,
              .help = "How the server waits: block or spin (never sleeps, costs its CPU)",
              .default_value = "block",
              .always_recorded = false,
              .alternatives = {{"spin", true}},
              .suffix = [](const Case& c) { return std::string(to_text(c.wait)); }},
             UB_MEMBER(wait), forms::Name<Wait>{"block or spin"}),
      factor({.option = "accept",
              .key = "accept",
              .kind = FactorKind::variant,
              .group = OptionGroup::server,
              .help = "How many connections the server takes at a time: multi (all that wait; "
                      "uring: multishot accept) or single",
              .default_value = "multi",
              .example_with = "--workload crr --mode epoll",
              .always_recorded = false,
              .alternatives = {{"single"}},
              .why_idle = why_no_accept,
              .suffix = [](const Case& c) { return fmt::format("accept-{}", to_text(c.accept)); }},
             UB_MEMBER(accept), forms::Name<Accept>{"single or multi"}),
      factor({.option = "reactors",
              .other_option = "loops",
              .key = "reactors",
              .kind = FactorKind::variant,
              .group = OptionGroup::server,
              .help = "Threads of uring and epoll, each with its own ring or loop and listening "
                      "socket (SO_REUSEPORT)",
              .default_value = "1",
              .example_with = "--mode epoll --clients 2",
              .always_recorded = false,
              .why_idle = why_no_reactors,
              .suffix = [](const Case& c) { return fmt::format("{}-reactors", c.reactors); }},
             UB_MEMBER(reactors), forms::Count{1, kMaxReactors}),
      factor({.option = "notify",
              .key = "notify",
              .kind = FactorKind::variant,
              .group = OptionGroup::server,
              .help = "When a zero-copy sender learns that its buffers are free: each (before the "
                      "next operation), ring:N (while it goes on from N buffers), ring (from all "
                      "of the working set), lazy (only when none is left; pthread and epoll)",
              .default_value = "ring",
              .example_with = "--mode pthread-msg-zerocopy",
              .always_recorded = false,
              .path_need = PathNeed::notifications,
              .alternatives = {{"each"}, {"lazy"}},
              .suffix = [](const Case& c) { return notify_text(c.notify); }},
             UB_MEMBER(notify), forms::Notification{}),
      factor({.option = "huge-pages",
              .key = "huge_pages",
              .kind = FactorKind::variant,
              .group = OptionGroup::server,
              .help = "Messages in huge pages (vm.nr_hugepages)",
              .default_value = "off",
              .example_with = "--mode uring-fixed",
              .flag = true,
              .always_recorded = false,
              .alternatives = {{"on", true}},
              .suffix = [](const Case&) { return std::string("huge-pages"); }},
             UB_MEMBER(huge_pages), forms::Name<Switch>{"on or off"}),
      factor({.option = "msg-more",
              .key = "msg_more",
              .kind = FactorKind::variant,
              .group = OptionGroup::server,
              .help = "Send with MSG_MORE: TCP waits for more until a segment is full",
              .default_value = "off",
              .always_recorded = false,
              .path_need = PathNeed::send_flags,
              .alternatives = {{"on"}},
              .why_idle = why_no_segments,
              .why_impossible = why_impossible_more,
              .suffix = [](const Case&) { return std::string("more"); }},
             UB_MEMBER(msg_more), forms::Name<Switch>{"on or off"}),
  };
}

// NOLINTNEXTLINE(readability-function-size): a table
std::vector<Factor> ring_factors() {
  constexpr std::uint32_t kFewestEntries = 64;
  constexpr std::uint32_t kMostEntries = 65536;
  const FactorText common{.kind = FactorKind::variant,
                          .group = OptionGroup::ring,
                          .example_with = "--mode uring",
                          .always_recorded = false,
                          .why_idle = why_no_ring};
  const auto ring = [&](FactorText own) {
    own.kind = common.kind;
    own.group = common.group;
    own.example_with = common.example_with;
    own.always_recorded = common.always_recorded;
    own.why_idle = common.why_idle;
    return own;
  };
  const forms::Name<Switch> on_off{"on or off"};
  return {
      factor(ring({.option = "ring",
                   .key = "ring",
                   .help = "Set-up: best (what the kernel grants of the next three), defer, coop, "
                           "plain, sqpoll (a kernel thread submits)",
                   .default_value = "best",
                   .alternatives = {{"plain"}, {"coop"}, {"defer"}, {"sqpoll"}},
                   .suffix = [](const Case& c) { return std::string(to_text(c.ring.setup)); }}),
             UB_MEMBER(ring.setup),
             forms::Name<RingSetup>{"one of best, plain, coop, defer, sqpoll"}),
      factor(ring({.option = "registered-files",
                   .key = "registered_files",
                   .help = "Sockets in the ring's own table",
                   .default_value = "off",
                   .alternatives = {{"on", true}},
                   .suffix = [](const Case&) { return std::string("files"); }}),
             UB_MEMBER(ring.registered_files), on_off),
      factor(ring({.option = "registered-ring-fd",
                   .key = "registered_ring_fd",
                   .help = "The ring's descriptor registered",
                   .default_value = "on",
                   .alternatives = {{"off"}},
                   .suffix = [](const Case&) { return std::string("no-ring-fd"); }}),
             UB_MEMBER(ring.registered_fd), on_off),
      factor(ring({.option = "poll-first",
                   .key = "poll_first",
                   .help = "Receives wait for data before they try",
                   .default_value = "off",
                   .flag = true,
                   .alternatives = {{"on", true}},
                   .suffix = [](const Case&) { return std::string("poll-first"); }}),
             UB_MEMBER(ring.poll_first), on_off),
      factor(ring({.option = "napi-busy-poll",
                   .key = "napi_busy_poll_us",
                   .help = "Polls the device's queue for so long; 0s is off",
                   .default_value = "0s",
                   .suffix =
                       [](const Case& c) {
                         return fmt::format("napi-{}us", c.ring.napi_busy_poll_us);
                       }}),
             UB_MEMBER(ring.napi_busy_poll_us), forms::Microseconds{}),
      factor(ring({.option = "min-wait",
                   .key = "min_wait_us",
                   .help = "Gathers completions for so long before it wakes; 0s is off",
                   .default_value = "0s",
                   .alternatives = {{"50us"}},
                   .why_impossible = why_impossible_min_wait,
                   .suffix =
                       [](const Case& c) {
                         return fmt::format("min-wait-{}us", c.ring.min_wait_us);
                       }}),
             UB_MEMBER(ring.min_wait_us), forms::Microseconds{}),
      factor(
          ring({.option = "cq-entries",
                .key = "cq_entries",
                .help = "Completion queue",
                .default_note = "by the number of clients",
                .example = "4096",
                .suffix = [](const Case& c) { return fmt::format("cq-{}", c.ring.cq_entries); }}),
          UB_MEMBER(ring.cq_entries), forms::Count{kFewestEntries, kMostEntries, true}),
  };
}

}  // namespace ub
