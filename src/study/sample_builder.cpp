#include "sample_builder.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "uringbench/base/affinity.hpp"
#include "uringbench/base/clock.hpp"

namespace ub::study {
namespace {

RoleUsage usage_between(const RoleUsage& before, const RoleUsage& after) {
  return {after.cpu_ns - before.cpu_ns, after.user_ns - before.user_ns,
          after.system_ns - before.system_ns, difference(before.counters, after.counters)};
}

SendCounts sends_between(const SendCounts& before, SendCounts after) {
  after.messages -= before.messages;
  after.bytes -= before.bytes;
  after.operations -= before.operations;
  after.short_sends -= before.short_sends;
  after.would_block -= before.would_block;
  after.buffer_waits -= before.buffer_waits;
  after.system_calls -= before.system_calls;
  after.cq_overflows -= before.cq_overflows;
  for (const auto& [name, count] : before.errors) after.errors[name] -= count;
  std::erase_if(after.errors, [](const auto& error) { return error.second == 0; });
  return after;
}

std::string first_failure(const Edge& total) {
  return total.server.failure.empty() ? total.client.failure : total.server.failure;
}

/// What arrived must be what was sent, to the byte, from the first connection to the last.
std::string imbalance(const Sample& sample, const Edge& total) {
  if (sample.the_case.family == Family::none) {  // sends nothing, so there is nothing to balance
    return sample.messages > 0 ? "" : "nothing was counted in the window";
  }
  if (total.server.sends.bytes != total.client.received_bytes) {
    return fmt::format("the server sent {} bytes, but {} arrived", total.server.sends.bytes,
                       total.client.received_bytes);
  }
  const ZeroCopyCounts& zc = total.server.zero_copy;
  if (zc.sends != zc.real + zc.copied + zc.unreported) {
    return fmt::format("{} zero-copy sends, but {} releases", zc.sends,
                       zc.real + zc.copied + zc.unreported);
  }
  return sample.bytes > 0 ? "" : "nothing arrived in the window; choose a longer --duration";
}

bool shares_cpu(const Case& c) {
  const CpuList server = parse_cpu_list(c.server_cpus).value_or(CpuList{});
  const CpuList client = parse_cpu_list(c.client_cpus).value_or(CpuList{});
  return std::any_of(server.begin(), server.end(), [&](int cpu) {
    return std::binary_search(client.begin(), client.end(), cpu);
  });
}

std::vector<std::string> marks_of(const Sample& sample) {
  constexpr double kBusy = 0.9;     // of the CPUs the receiver can use
  constexpr double kWaiting = 0.1;  // of the operations
  std::vector<std::string> marks;
  const Case& c = sample.the_case;
  const auto cpus = parse_cpu_list(c.client_cpus).value_or(CpuList{0}).size();
  const double cores = static_cast<double>(std::min<std::size_t>(cpus, c.clients));
  const double busy = static_cast<double>(sample.client.cpu_ns) / (sample.window_s * kNsPerSecond);
  if (busy > kBusy * cores) marks.emplace_back("client-bound");
  if (shares_cpu(c)) marks.emplace_back("shared-cpu");
  if (static_cast<double>(sample.sends.buffer_waits) >
      kWaiting * static_cast<double>(sample.sends.operations)) {
    marks.emplace_back("buffer-bound");
  }
  if (sample.sends.cq_overflows > 0) marks.emplace_back("cq-overflow");
  if (c.verify == Switch::on) marks.emplace_back("verified");
  return marks;
}

void fill_figures(Sample& sample, const Edge& before, const Edge& after) {
  const Case& c = sample.the_case;
  sample.window_s =
      static_cast<double>(after.client.time_ns - before.client.time_ns) / kNsPerSecond;
  sample.bytes = after.client.received_bytes - before.client.received_bytes;
  sample.messages = sample.bytes / c.size_bytes;
  sample.goodput_bps = static_cast<double>(sample.bytes) * 8 / sample.window_s;
  sample.message_rate = static_cast<double>(sample.messages) / sample.window_s;
  sample.server = usage_between(before.server.usage, after.server.usage);
  sample.client = usage_between(before.client.usage, after.client.usage);
  sample.sends = sends_between(before.server.sends, after.server.sends);
  if (c.family == Family::none) {
    const auto server_ns = static_cast<double>(after.server.time_ns - before.server.time_ns);
    sample.messages = sample.sends.messages;
    sample.message_rate = static_cast<double>(sample.messages) * kNsPerSecond / server_ns;
  }
}

}  // namespace

Sample build_sample(const Case& the_case, const Edge& before, const Edge& after,
                    const Outcome& outcome) {
  Sample sample;
  sample.the_case = the_case;
  sample.granted = outcome.granted;
  sample.effective = outcome.effective;
  sample.server_peak_rss_bytes = after.server.peak_rss_bytes;
  fill_figures(sample, before, after);
  // The whole run's, as notifications of the window's sends arrive after it.
  if (the_case.family == Family::zero_copy) sample.zero_copy = outcome.total.server.zero_copy;
  sample.marks = marks_of(sample);
  sample.reason = first_failure(outcome.total);
  sample.status = Status::failed;
  if (!sample.reason.empty()) return sample;
  sample.reason = imbalance(sample, outcome.total);
  sample.status = sample.reason.empty() ? Status::valid : Status::invalid;
  return sample;
}

}  // namespace ub::study
