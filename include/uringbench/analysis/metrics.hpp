#pragma once

#include <span>
#include <string>
#include <string_view>

#include "uringbench/model/sample.hpp"

/// Figures derived from one sample, for every report alike. Each is a value or says why there is
/// none: nothing here divides by zero or makes a 0 of "not measured".
namespace ub::analysis {

/// The sample ran to its end, so its figures are figures. Those of an invalid one are not to be
/// quoted.
bool ran(const Sample& sample);

/// Why a sample that did not run has no figures: its status and reason.
Unavailable did_not_run(const Sample& sample);

using Metric = Reading (*)(const Sample&);

Reading throughput_gbps(const Sample& sample);  ///< 10^9 bits a second
/// Per second; of the null path: the server's operations.
Reading message_rate(const Sample& sample);
Reading latency_p50_us(const Sample& sample);
Reading latency_p99_us(const Sample& sample);
Reading latency_p999_us(const Sample& sample);
/// CPU time of both roles: over loopback the load generator pays for part of what the server sends
/// (the softirq that delivers a segment runs on the sender's CPU, a copy that zero-copy put off on
/// the receiver's), so the server's time alone prefers who leaves work to the other.
Reading cpu_ns_per_byte(const Sample& sample);
Reading cpu_ns_per_message(const Sample& sample);
Reading server_ns_per_byte(const Sample& sample);     ///< CPU time per byte that arrived
Reading server_ns_per_message(const Sample& sample);  ///< CPU time per message that arrived
Reading server_user_share(const Sample& sample);      ///< of its CPU time, in user space
Reading client_ns_per_byte(const Sample& sample);
/// The share of the time ready to run in which a role waited for its CPU.
Reading server_waiting_share(const Sample& sample);
Reading client_waiting_share(const Sample& sample);
/// Round trip of a cache line between the CPUs of the roles, just before the sample.
Reading core_round_trip_ns(const Sample& sample);
/// 1: all cores that the load generator is pinned to; of one core if it is not pinned.
Reading client_share(const Sample& sample);
Reading cycles_per_byte(const Sample& sample);
Reading l1_misses_per_byte(const Sample& sample);
Reading llc_misses_per_byte(const Sample& sample);
Reading system_calls_per_operation(const Sample& sample);
/// Entries of the completion queue of a ring; a notification of a zero-copy send is one, too.
Reading completions_per_operation(const Sample& sample);
Reading short_sends_per_operation(const Sample& sample);

/// For zero-copy sends whose buffers come back by notification.
Reading release_p50_us(const Sample& sample);  ///< from an operation's begin to its buffers' return
Reading release_p99_us(const Sample& sample);
Reading notifications_per_send(const Sample& sample);
Reading held_peak_bytes(const Sample& sample);      ///< payload that one thread had away at most
Reading waits_per_operation(const Sample& sample);  ///< for a buffer, because none was left

/// CPU time of the server per message, of the null path only: what the engine and the counting
/// cost.
Reading harness_ns_per_message(const Sample& sample);

/// A counter of the server, by the name the perf module gives it.
Reading server_counter(const Sample& sample, const std::string& name);

/// Every metric above that is a figure of a row, by its name in JSON.
struct NamedMetric {
  std::string_view name;  ///< with its unit
  Metric metric;
  std::string_view meaning;
};
std::span<const NamedMetric> metrics();

/// What is compared, always as the cost of a message. `throughput`: the time between two arrivals,
/// ns; `cpu`: CPU time of both roles, ns (at one size the same as per byte);
/// `latency_p50`, `latency_p99`: ns, of workloads that have requests, at the load that the case
/// fixes.
enum class Objective { throughput, cpu, latency_p50, latency_p99 };

std::string_view to_text(Objective objective);

/// The metric whose noise is the objective's.
Metric metric_of(Objective objective);

/// ns per message.
Reading cost_of(const Sample& sample, Objective objective);

/// The cost turned over, so that more is better as with every rate: what is compared. Latencies of
/// an overloaded sample have none, as what was not answered would have taken longer.
Metric merit_of(Objective objective);

/// By what the ways of a case are told apart: at a fixed arrival rate all ways send as much as is
/// asked for, so there it is the p99 of the response time.
Objective judged_by(const Case& the_case);

/// Requests were left without a response, so every quantile of the answered ones is a lower bound.
bool latency_is_lower_bound(const Sample& sample);

}  // namespace ub::analysis
