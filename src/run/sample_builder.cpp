#include "sample_builder.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>

#include "uringbench/base/affinity.hpp"
#include "uringbench/base/clock.hpp"
#include "uringbench/perf/accounting.hpp"
#include "uringbench/perf/counter_board.hpp"
#include "uringbench/receive/registry.hpp"
#include "window_trust.hpp"

namespace ub::run {
namespace {

/// The server's, unless it only noticed that the load generator had failed.
std::string first_failure(const Edge& total) {
  const std::string& server = total.server.failure;
  const std::string& client = total.client.failure;
  if (client.empty()) return server;
  const bool clients = server.empty() || (is_sign_of_peer(server) && !is_sign_of_peer(client));
  return clients ? "the load generator: " + client : server;
}

/// What arrived must be what was sent, to the byte, from the first connection to the last.
std::string imbalance(const Sample& sample, const Edge& total) {
  if (sends_nothing(sample.the_case)) {  // there is nothing to balance
    return sample.messages > 0 ? "" : "nothing was counted in the window";
  }
  if (total.client.load.sent_bytes != total.server.arrivals.bytes) {
    return fmt::format("the load generator sent {} bytes, but {} arrived",
                       total.client.load.sent_bytes, total.server.arrivals.bytes);
  }
  if (total.server.arrivals.connections != total.client.load.connections) {
    return fmt::format("the load generator made {} connections, but the server answered {}",
                       total.client.load.connections, total.server.arrivals.connections);
  }
  if (total.server.retransmitted_bytes > 0) {
    return fmt::format(
        "the kernel sent {} bytes again, as acknowledgements came late: the device counted them "
        "twice; give the load generator a CPU of its own (--client-cpus)",
        total.server.retransmitted_bytes);
  }
  if (total.server.sends.bytes != total.client.load.received_bytes) {
    return fmt::format("the server sent {} bytes, but {} arrived", total.server.sends.bytes,
                       total.client.load.received_bytes);
  }
  const ZeroCopyCounts& zc = total.server.zero_copy;
  if (zc.sends != zc.real + zc.copied + zc.unreported) {
    return fmt::format("{} zero-copy sends, but {} releases", zc.sends,
                       zc.real + zc.copied + zc.unreported);
  }
  return sample.bytes > 0 ? "" : "nothing arrived in the window; choose a longer --duration";
}

bool shares_cpu(const Case& c, Machines machines) {
  if (machines == Machines::two) return false;
  const CpuList server = parse_cpu_list(c.server_cpus).value_or(CpuList{});
  const CpuList client = parse_cpu_list(c.client_cpus).value_or(CpuList{});
  return std::any_of(server.begin(), server.end(), [&](int cpu) {
    return std::binary_search(client.begin(), client.end(), cpu);
  });
}

void mark_requests(const RequestFigures& requests, Sample& sample) {
  constexpr auto kLateNs = static_cast<double>(RequestFigures::kLateNs);
  if (requests.overloaded) sample.add(Mark::overloaded);
  const double late_ns = requests.lateness ? requests.lateness->p99.value_or(0) : 0;
  if (late_ns > kLateNs && late_ns > requests.response.p50.value_or(0)) {
    sample.add(Mark::generator_late);
  }
}

bool on_noisy_host(const RoleUsage& usage) {
  const auto* times = usage.cpus ? std::get_if<CpuTimes>(&usage.cpus->times) : nullptr;
  return times != nullptr && perf::is_noisy_host(*times);
}

bool has_multiplexed(const RoleUsage& usage) {
  return perf::is_multiplexed(usage.counters) ||
         (usage.cpus && perf::is_multiplexed(usage.cpus->counters));
}

void mark(Sample& sample, Machines machines) {
  constexpr double kBusy = 0.9;     // of the CPUs the receiver can use
  constexpr double kWaiting = 0.1;  // of the operations
  const Case& c = sample.the_case;
  const auto cpus = parse_cpu_list(c.client_cpus).value_or(CpuList{0}).size();
  const double cores = static_cast<double>(std::min<std::size_t>(cpus, c.clients));
  const double busy = static_cast<double>(sample.client.cpu_ns) / (sample.window_s * kNsPerSecond);
  if (c.client_wait == Wait::block && busy > kBusy * cores) sample.add(Mark::client_bound);
  if (shares_cpu(c, machines)) sample.add(Mark::shared_cpu);
  if (static_cast<double>(sample.sends.buffer_waits) >
      kWaiting * static_cast<double>(sample.sends.operations)) {
    sample.add(Mark::buffer_bound);
  }
  if (sample.sends.cq_overflows > 0) sample.add(Mark::cq_overflow);
  if (c.verify == Switch::on) sample.add(Mark::verified);
  if (c.wait == Wait::spin || c.client_wait == Wait::spin) sample.add(Mark::spinning);
  const receive::Descriptor* receive = receive::find(c.receive);
  if (receive != nullptr && receive->delivery == receive::Delivery::discarded)
    sample.add(Mark::discarded);
  if (sample.requests) mark_requests(*sample.requests, sample);
  if (c.purpose == Purpose::profile) sample.add(Mark::profiled);
  if (on_noisy_host(sample.server) || on_noisy_host(sample.client)) {
    sample.add(Mark::noisy_host);
  }
  if (has_multiplexed(sample.server) || has_multiplexed(sample.client)) {
    sample.add(Mark::multiplexed);
  }
  mark_disturbances(sample);
}

/// The windows of two hosts begin and end by their own clocks, after a message each. What is known
/// is how much they differ in length, and what the two messages and their answers took.
void fill_skew(Sample& sample, const Edge& before, const Edge& after, std::uint64_t apart_ns) {
  constexpr double kApart = 0.01;  // of the window
  const auto length = [](const Snapshot& first, const Snapshot& last) {
    return static_cast<double>(last.time_ns - first.time_ns);
  };
  const double server_ns = length(before.server, after.server);
  const double client_ns = length(before.client, after.client);
  const double skew = std::abs(server_ns - client_ns) / std::max(server_ns, client_ns);
  sample.effective["window_skew"] = fmt::format("{:.4f}", skew);
  sample.effective["edges_apart_at_most_ns"] = fmt::to_string(apart_ns);
  if (skew > kApart) sample.add(Mark::edge_skew);
}

/// What arrived, at whoever received it, and over that role's own window.
void fill_throughput(Sample& sample, const Edge& before, const Edge& after) {
  const Case& c = sample.the_case;
  const bool at_server = facts_of(c.workload).direction == Direction::to_server;
  const Snapshot& first = at_server ? before.server : before.client;
  const Snapshot& last = at_server ? after.server : after.client;
  sample.window_s = static_cast<double>(last.time_ns - first.time_ns) / kNsPerSecond;
  sample.bytes = at_server ? last.arrivals.bytes - first.arrivals.bytes
                           : last.load.received_bytes - first.load.received_bytes;
  sample.messages = has_requests(c.workload) ? last.load.responses - first.load.responses
                                             : sample.bytes / c.size_bytes;
  sample.goodput_bps = static_cast<double>(sample.bytes) * 8 / sample.window_s;
  sample.message_rate = static_cast<double>(sample.messages) / sample.window_s;
}

/// With what is told from other counts: what failed, and why it copied.
ZeroCopyCounts zero_copy_of(ZeroCopyCounts counts, const Snapshot& total) {
  constexpr double kHardly = 0.01;
  for (const auto& [name, count] : total.sends.errors) counts.failed += count;
  const auto all = static_cast<double>(counts.real + counts.copied + counts.unreported);
  if (static_cast<double>(counts.copied) > kHardly * all) {
    counts.cause = total.copy_cause.empty() ? "cause not found" : total.copy_cause;
  }
  return counts;
}

void fill_figures(Sample& sample, const Edge& before, const Edge& after, const Edge& total) {
  fill_throughput(sample, before, after);
  sample.server = perf::usage_between(before.server.usage, after.server.usage);
  sample.client = perf::usage_between(before.client.usage, after.client.usage);
  const ServerCounts counts = counts_of_sample(before.server, after.server, total.server);
  sample.sends = counts.sends;
  if (sample.the_case.family == Family::zero_copy) {
    sample.zero_copy = zero_copy_of(counts.zero_copy, total.server);
  }
  if (receives(sample.the_case.workload)) sample.arrivals = counts.arrivals;
  if (sample.send_timing) sample.send_timing->held = counts.held;
  if (sends_nothing(sample.the_case)) {
    const auto server_ns = static_cast<double>(after.server.time_ns - before.server.time_ns);
    sample.messages = sample.sends.messages;
    sample.message_rate = static_cast<double>(sample.messages) * kNsPerSecond / server_ns;
  }
}

/// CPU time that the shares of a profile are shares of. Of whole CPUs it is all their time.
std::uint64_t profiled_ns(const RoleUsage& usage,
                          const OrUnavailable<protocol::ProfileReport>& report, double window_s) {
  const auto* found = std::get_if<protocol::ProfileReport>(&report);
  if (found == nullptr || found->profile.scope != ProfileScope::cpus || !usage.cpus) {
    return usage.cpu_ns;
  }
  const auto cpus = parse_cpu_list(usage.cpus->cpus).value_or(CpuList{0}).size();
  return static_cast<std::uint64_t>(static_cast<double>(cpus) * window_s * kNsPerSecond);
}

void add_profile(RoleUsage& usage, const protocol::MaybeProfile& report, const Sample& sample) {
  if (!report) return;
  usage.profile =
      protocol::with_ledger(*report, {.cpu_ns = profiled_ns(usage, *report, sample.window_s),
                                      .messages = sample.messages,
                                      .bytes = sample.bytes});
}

}  // namespace

bool is_sign_of_peer(std::string_view failure) {
  constexpr std::array<std::string_view, 5> kSigns = {"ECONNRESET", "EPIPE", "ECONNREFUSED",
                                                      "closed the connection", "stream ended"};
  return std::any_of(kSigns.begin(), kSigns.end(), [&](std::string_view sign) {
    return failure.find(sign) != std::string_view::npos;
  });
}

Sample build_sample(const Case& the_case, const Edge& before, const Edge& after,
                    const Outcome& outcome) {
  Sample sample;
  sample.the_case = the_case;
  sample.granted = outcome.granted;
  sample.effective = outcome.effective;
  sample.server_peak_rss_bytes = after.server.peak_rss_bytes;
  sample.send_timing = outcome.send_timing;
  fill_figures(sample, before, after, outcome.total);
  sample.requests = outcome.requests;
  if (outcome.requests) sample.latency = outcome.requests->response;
  add_profile(sample.server, outcome.server_profile, sample);
  add_profile(sample.client, outcome.client_profile, sample);
  mark(sample, outcome.machines);
  if (outcome.edges_apart_ns) fill_skew(sample, before, after, *outcome.edges_apart_ns);
  sample.reason = first_failure(outcome.total);
  sample.status = Status::failed;
  if (!sample.reason.empty()) return sample;
  sample.reason = why_not_trusted(sample, before, after);
  if (!sample.reason.empty() && outcome.windows == Windows::may_stretch) {
    sample.add(Mark::stretched);
    sample.reason.clear();
  }
  if (!sample.reason.empty()) sample.add(Mark::window_stretched);
  if (sample.reason.empty()) sample.reason = imbalance(sample, outcome.total);
  sample.status = sample.reason.empty() ? Status::valid : Status::invalid;
  return sample;
}

}  // namespace ub::run
