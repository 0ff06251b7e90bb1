#pragma once

#include <string>

#include "uringbench/model/sample.hpp"

/// Figures derived from one sample, for every report alike. Each is a value or says why there is
/// none: nothing here divides by zero or makes a 0 of "not measured".
namespace ub::report {

/// The sample ran to its end, so its figures are figures. Of an invalid one they are not to be
/// quoted.
bool ran(const Sample& sample);

/// Why a sample that did not run has no figures: its status and reason.
Unavailable did_not_run(const Sample& sample);

using Metric = Reading (*)(const Sample&);

Reading throughput_gbps(const Sample& sample);  ///< 10^9 bits a second
Reading message_rate(
    const Sample& sample);  ///< a second; of the null path: the server's operations
Reading latency_p50_us(const Sample& sample);
Reading latency_p99_us(const Sample& sample);
Reading latency_p999_us(const Sample& sample);
Reading latency_p99_ns(const Sample& sample);
Reading server_ns_per_byte(const Sample& sample);     ///< CPU time a byte that arrived
Reading server_ns_per_message(const Sample& sample);  ///< CPU time a message that arrived
Reading client_ns_per_byte(const Sample& sample);
Reading client_share(
    const Sample& sample);  ///< 1: all cores it is pinned to; of one core if it is not
Reading cycles_per_byte(const Sample& sample);
Reading system_calls_per_operation(const Sample& sample);

/// Of zero-copy sends whose buffers come back by notification.
Reading release_p50_us(const Sample& sample);  ///< from an operation's begin to its buffers' return
Reading release_p99_us(const Sample& sample);
Reading notifications_per_send(const Sample& sample);
Reading held_peak_bytes(const Sample& sample);      ///< payload that one thread had away at most
Reading waits_per_operation(const Sample& sample);  ///< for a buffer, because none was left

/// CPU time of the server a message, of the null path only: what the engine and the counting cost.
Reading harness_ns_per_message(const Sample& sample);

/// A counter of the server, by the name the perf module gives it.
Reading server_counter(const Sample& sample, const std::string& name);

}  // namespace ub::report
