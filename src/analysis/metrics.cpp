#include "uringbench/analysis/metrics.hpp"

#include <fmt/format.h>

#include <array>

#include "uringbench/base/affinity.hpp"
#include "uringbench/base/clock.hpp"

namespace ub::analysis {
namespace {

double real(std::uint64_t count) {
  return static_cast<double>(count);
}

/// What every metric must rule out first.
Reading if_ran(const Sample& sample, Metric metric) {
  return ran(sample) ? metric(sample) : Reading(did_not_run(sample));
}

Reading per(double value, std::uint64_t count, const char* why_none) {
  if (count == 0) return Unavailable{why_none};
  return Counted{value / real(count)};
}

Reading per_byte(double value, const Sample& sample) {
  return per(value, sample.bytes, "no bytes arrived");
}

double cores(const std::string& cpu_list) {
  const auto cpus = parse_cpu_list(cpu_list);
  return cpus && !cpus->empty() ? static_cast<double>(cpus->size()) : 1.0;
}

}  // namespace

bool ran(const Sample& sample) {
  return sample.status == Status::valid || sample.status == Status::invalid;
}

Unavailable did_not_run(const Sample& sample) {
  return {fmt::format("{}: {}", to_text(sample.status), sample.reason)};
}

Reading throughput_gbps(const Sample& sample) {
  return if_ran(sample, [](const Sample& s) -> Reading {
    if (sends_nothing(s.the_case)) return Unavailable{"this path sends nothing"};
    return Counted{s.goodput_bps / 1e9};
  });
}

Reading message_rate(const Sample& sample) {
  return if_ran(sample, [](const Sample& s) -> Reading { return Counted{s.message_rate}; });
}

namespace {

/// In ns. Too few samples make no percentile.
template <std::optional<double> LatencySummary::*percentile>
Reading latency(const Sample& sample) {
  return if_ran(sample, [](const Sample& s) -> Reading {
    if (!s.latency) {
      return Unavailable{fmt::format("workload {} has no requests", to_text(s.the_case.workload))};
    }
    if (s.latency->count == 0) return Unavailable{"no request was answered"};
    const std::optional<double>& value = (*s.latency).*percentile;
    if (!value) return Unavailable{"too few requests for this percentile"};
    return Counted{*value};
  });
}

Reading in_microseconds(Reading reading) {
  if (auto* counted = std::get_if<Counted>(&reading)) counted->value /= 1e3;
  return reading;
}

}  // namespace

Reading latency_p50_us(const Sample& sample) {
  return in_microseconds(latency<&LatencySummary::p50>(sample));
}

Reading latency_p99_us(const Sample& sample) {
  return in_microseconds(latency<&LatencySummary::p99>(sample));
}

Reading latency_p999_us(const Sample& sample) {
  return in_microseconds(latency<&LatencySummary::p999>(sample));
}

namespace {

double cpu_of_both_ns(const Sample& sample) {
  return real(sample.server.cpu_ns) + real(sample.client.cpu_ns);
}

constexpr const char* kNoMessages = "no messages arrived";

}  // namespace

Reading cpu_ns_per_byte(const Sample& sample) {
  return if_ran(sample, [](const Sample& s) { return per_byte(cpu_of_both_ns(s), s); });
}

Reading cpu_ns_per_message(const Sample& sample) {
  return if_ran(sample,
                [](const Sample& s) { return per(cpu_of_both_ns(s), s.messages, kNoMessages); });
}

Reading server_ns_per_byte(const Sample& sample) {
  return if_ran(sample, [](const Sample& s) { return per_byte(real(s.server.cpu_ns), s); });
}

Reading server_ns_per_message(const Sample& sample) {
  return if_ran(
      sample, [](const Sample& s) { return per(real(s.server.cpu_ns), s.messages, kNoMessages); });
}

Reading server_user_share(const Sample& sample) {
  return if_ran(sample, [](const Sample& s) {
    return per(real(s.server.user_ns), s.server.cpu_ns, "the server took no CPU time");
  });
}

Reading client_ns_per_byte(const Sample& sample) {
  return if_ran(sample, [](const Sample& s) { return per_byte(real(s.client.cpu_ns), s); });
}

Reading client_share(const Sample& sample) {
  return if_ran(sample, [](const Sample& s) -> Reading {
    if (s.window_s <= 0) return Unavailable{"the window has no length"};
    const double available_ns = s.window_s * kNsPerSecond * cores(s.the_case.client_cpus);
    return Counted{real(s.client.cpu_ns) / available_ns};
  });
}

namespace {

Reading counter_per_byte(const Sample& sample, const char* name) {
  Reading count = server_counter(sample, name);
  const auto* counted = std::get_if<Counted>(&count);
  if (counted == nullptr) return count;
  if (sample.bytes == 0) return Unavailable{"no bytes arrived"};
  return Counted{counted->value / real(sample.bytes), counted->running};
}

}  // namespace

Reading cycles_per_byte(const Sample& sample) {
  return counter_per_byte(sample, "cycles");
}

Reading l1_misses_per_byte(const Sample& sample) {
  return counter_per_byte(sample, "l1d_misses");
}

Reading llc_misses_per_byte(const Sample& sample) {
  return counter_per_byte(sample, "llc_misses");
}

Reading system_calls_per_operation(const Sample& sample) {
  return if_ran(sample, [](const Sample& s) {
    return per(real(s.sends.system_calls), s.sends.operations, "no send was begun");
  });
}

Reading completions_per_operation(const Sample& sample) {
  return if_ran(sample, [](const Sample& s) -> Reading {
    if (s.the_case.engine != EngineKind::uring) return Unavailable{"it has no completion queue"};
    if (s.sends.completions == 0) {
      return Unavailable{"no completion was counted, or the file is of a program that did not"};
    }
    return per(real(s.sends.completions), s.sends.operations, "no send was begun");
  });
}

Reading short_sends_per_operation(const Sample& sample) {
  return if_ran(sample, [](const Sample& s) {
    return per(real(s.sends.short_sends), s.sends.operations, "no send was begun");
  });
}

namespace {

template <std::optional<double> LatencySummary::*percentile>
Reading release_us(const Sample& sample) {
  return if_ran(sample, [](const Sample& s) -> Reading {
    if (!s.send_timing || !s.send_timing->released) {
      return Unavailable{"no buffer was waited for"};
    }
    const std::optional<double>& value = (*s.send_timing->released).*percentile;
    if (!value) return Unavailable{"too few operations were timed for this percentile"};
    return Counted{*value / 1e3};
  });
}

constexpr const char* kOlder = "the file is of a program that did not count it";

}  // namespace

Reading release_p50_us(const Sample& sample) {
  return release_us<&LatencySummary::p50>(sample);
}

Reading release_p99_us(const Sample& sample) {
  return release_us<&LatencySummary::p99>(sample);
}

Reading notifications_per_send(const Sample& sample) {
  return if_ran(sample, [](const Sample& s) -> Reading {
    if (!s.zero_copy || s.zero_copy->real + s.zero_copy->copied == 0) {
      return Unavailable{"no notification reports of its sends"};
    }
    if (s.zero_copy->notifications == 0) return Unavailable{kOlder};
    return per(real(s.zero_copy->notifications), s.zero_copy->sends, "nothing was sent");
  });
}

Reading held_peak_bytes(const Sample& sample) {
  return if_ran(sample, [](const Sample& s) -> Reading {
    if (!s.send_timing || s.send_timing->held.peak == 0) return Unavailable{"no buffer was held"};
    if (s.send_timing->held.peak_bytes == 0) return Unavailable{kOlder};
    return Counted{real(s.send_timing->held.peak_bytes)};
  });
}

Reading waits_per_operation(const Sample& sample) {
  return if_ran(sample, [](const Sample& s) {
    return per(real(s.sends.buffer_waits), s.sends.operations, "no operation was begun");
  });
}

Reading harness_ns_per_message(const Sample& sample) {
  return if_ran(sample, [](const Sample& s) -> Reading {
    if (!sends_nothing(s.the_case)) return Unavailable{"this path sends"};
    return per(real(s.server.cpu_ns), s.sends.messages, "no messages were counted");
  });
}

Reading server_counter(const Sample& sample, const std::string& name) {
  if (!ran(sample)) return did_not_run(sample);
  const auto found = sample.server.counters.find(name);
  if (found == sample.server.counters.end()) return Unavailable{"not counted"};
  return found->second;
}

namespace {

Reading waiting_share(const RoleUsage& usage) {
  if (!usage.run_queue) return Unavailable{"the file is of a program that did not measure it"};
  if (const auto* none = std::get_if<Unavailable>(&*usage.run_queue)) return *none;
  const auto& times = std::get<RunQueueTimes>(*usage.run_queue);
  return per(real(times.waiting_ns), times.waiting_ns + times.on_cpu_ns, "it never ran");
}

}  // namespace

Reading server_waiting_share(const Sample& sample) {
  return if_ran(sample, [](const Sample& s) { return waiting_share(s.server); });
}

Reading client_waiting_share(const Sample& sample) {
  return if_ran(sample, [](const Sample& s) { return waiting_share(s.client); });
}

Reading core_round_trip_ns(const Sample& sample) {
  return if_ran(sample, [](const Sample& s) -> Reading {
    if (s.core_round_trip_ns) return *s.core_round_trip_ns;
    return Unavailable{"the file is of a program that did not measure it"};
  });
}

std::span<const NamedMetric> metrics() {
  static constexpr std::array kMetrics = std::to_array<NamedMetric>({
      {"throughput_gbps", throughput_gbps, "payload that arrived"},
      {"message_rate", message_rate,
       "messages that arrived; of the null path operations of the server"},
      {"latency_p50_us", latency_p50_us, "median response time"},
      {"latency_p99_us", latency_p99_us, "99th percentile of response times"},
      {"latency_p999_us", latency_p999_us, "99.9th percentile of response times"},
      {"cpu_ns_per_byte", cpu_ns_per_byte, "CPU time of both roles"},
      {"cpu_ns_per_message", cpu_ns_per_message, "CPU time of both roles"},
      {"server_ns_per_byte", server_ns_per_byte, "CPU time of the server"},
      {"server_ns_per_message", server_ns_per_message, "CPU time of the server"},
      {"server_user_share", server_user_share, "of the server's CPU time, in user space"},
      {"client_ns_per_byte", client_ns_per_byte, "CPU time of the load generator"},
      {"client_share", client_share,
       "CPU time of the load generator; 1 is all cores that it is pinned to"},
      {"server_waiting_share", server_waiting_share,
       "of the time in which the server was ready to run, waiting for its CPU"},
      {"client_waiting_share", client_waiting_share, "the same of the load generator"},
      {"core_round_trip_ns", core_round_trip_ns, "of a cache line between the CPUs of the roles"},
      {"cycles_per_byte", cycles_per_byte, "CPU cycles of the server"},
      {"l1d_misses_per_byte", l1_misses_per_byte, "misses of the L1 data cache, of the server"},
      {"llc_misses_per_byte", llc_misses_per_byte, "misses of the last-level cache, of the server"},
      {"system_calls_per_operation", system_calls_per_operation, "of the server"},
      {"completions_per_operation", completions_per_operation,
       "of the server's ring, for each send operation"},
      {"short_sends_per_operation", short_sends_per_operation,
       "sends that took something but not all"},
      {"release_p50_us", release_p50_us,
       "median time from the begin of an operation until its buffers are back"},
      {"release_p99_us", release_p99_us, "99th percentile of the same"},
      {"notifications_per_send", notifications_per_send, "that were read for each zero-copy send"},
      {"held_peak_bytes", held_peak_bytes, "payload that one thread had with the kernel at most"},
      {"waits_per_operation", waits_per_operation, "for a buffer, because none was left"},
      {"harness_ns_per_message", harness_ns_per_message,
       "CPU time of the server on the null path: what engine and counting cost"},
  });
  return kMetrics;
}

std::string_view to_text(Objective objective) {
  switch (objective) {
    case Objective::throughput:
      return "throughput";
    case Objective::cpu:
      return "cpu";
    case Objective::latency_p50:
      return "latency_p50";
    case Objective::latency_p99:
      return "latency_p99";
  }
  return "throughput";
}

Metric metric_of(Objective objective) {
  switch (objective) {
    case Objective::cpu:
      return cpu_ns_per_message;
    case Objective::latency_p50:
      return latency_p50_us;
    case Objective::latency_p99:
      return latency_p99_us;
    case Objective::throughput:
      break;
  }
  return message_rate;
}

Reading cost_of(const Sample& sample, Objective objective) {
  switch (objective) {
    case Objective::cpu:
      return cpu_ns_per_message(sample);
    case Objective::latency_p50:
      return latency<&LatencySummary::p50>(sample);
    case Objective::latency_p99:
      return latency<&LatencySummary::p99>(sample);
    case Objective::throughput:
      break;
  }
  const double rate = value_or(message_rate(sample), 0);
  if (rate <= 0) return Unavailable{"no messages arrived"};
  return Counted{kNsPerSecond / rate};
}

namespace {

template <Objective objective>
Reading merit(const Sample& sample) {
  constexpr bool kIsLatency =
      objective == Objective::latency_p50 || objective == Objective::latency_p99;
  if (kIsLatency && latency_is_lower_bound(sample)) {
    return Unavailable{"overloaded: requests were left without a response"};
  }
  Reading cost = cost_of(sample, objective);
  const auto* counted = std::get_if<Counted>(&cost);
  if (counted == nullptr) return cost;
  if (counted->value <= 0) return Unavailable{"it cost nothing that was counted"};
  return Counted{kNsPerSecond / counted->value};
}

}  // namespace

Metric merit_of(Objective objective) {
  switch (objective) {
    case Objective::cpu:
      return merit<Objective::cpu>;
    case Objective::latency_p50:
      return merit<Objective::latency_p50>;
    case Objective::latency_p99:
      return merit<Objective::latency_p99>;
    case Objective::throughput:
      break;
  }
  return message_rate;
}

Objective judged_by(const Case& the_case) {
  return the_case.rate_per_s > 0 ? Objective::latency_p99 : Objective::throughput;
}

bool latency_is_lower_bound(const Sample& sample) {
  return sample.requests && sample.requests->overloaded && sample.requests->unanswered > 0;
}

}  // namespace ub::analysis
