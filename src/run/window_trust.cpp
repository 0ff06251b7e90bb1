#include "window_trust.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "uringbench/base/affinity.hpp"
#include "uringbench/base/clock.hpp"
#include "uringbench/base/units.hpp"

namespace ub::run {
namespace {

/// A busy machine answers late by some milliseconds; more than that is another window.
constexpr double kLongerBy = 0.1;
constexpr std::uint64_t kLaterNs = 50'000'000;

std::uint64_t allowance_ns(const Case& c) {
  const auto share = static_cast<std::uint64_t>(static_cast<double>(c.duration_ns) * kLongerBy);
  return std::max(share, kLaterNs);
}

std::string why_stretched(std::string_view role, const Case& c, std::uint64_t window_ns) {
  if (window_ns <= c.duration_ns + allowance_ns(c)) return "";
  return fmt::format(
      "the window of the {} was {:.1f} times as long as asked ({}): something stopped the program "
      "or kept it from its CPU",
      role, static_cast<double>(window_ns) / static_cast<double>(c.duration_ns),
      format_duration(static_cast<double>(window_ns)));
}

std::string why_paused(std::string_view role, const Case& c, const RoleUsage& usage) {
  if (!usage.longest_pause_ns || *usage.longest_pause_ns <= allowance_ns(c)) return "";
  return fmt::format("the {} stood still for {} of the window: its process was stopped or frozen",
                     role, format_duration(static_cast<double>(*usage.longest_pause_ns)));
}

double cpus_in(const CpuUsage& usage) {
  return static_cast<double>(parse_cpu_list(usage.cpus).value_or(CpuList{0}).size());
}

/// The role was ready to run, and the CPUs that it is pinned to ran what is not its own.
bool is_contended(const RoleUsage& usage, double window_ns) {
  constexpr double kWaiting = 0.1;  // of the window
  constexpr double kForeign = 0.1;  // of the CPUs' time
  const auto* queue = usage.run_queue ? std::get_if<RunQueueTimes>(&*usage.run_queue) : nullptr;
  const auto* times = usage.cpus ? std::get_if<CpuTimes>(&usage.cpus->times) : nullptr;
  if (queue == nullptr || times == nullptr) return false;
  if (static_cast<double>(queue->waiting_ns) < kWaiting * window_ns) return false;
  const auto all = static_cast<double>(times->user_ns + times->system_ns);
  const double foreign = all - static_cast<double>(usage.cpu_ns);
  return foreign > kForeign * window_ns * cpus_in(*usage.cpus);
}

bool is_throttled(const RoleUsage& usage, double window_ns) {
  constexpr double kThrottled = 0.01;
  return usage.throttled_ns && static_cast<double>(*usage.throttled_ns) > kThrottled * window_ns;
}

}  // namespace

std::string why_not_trusted(const Sample& sample, const Edge& before, const Edge& after) {
  const Case& c = sample.the_case;
  const std::initializer_list<std::string> reasons = {
      why_paused("server", c, sample.server), why_paused("load generator", c, sample.client),
      why_stretched("server", c, after.server.time_ns - before.server.time_ns),
      why_stretched("load generator", c, after.client.time_ns - before.client.time_ns)};
  const auto* found = std::find_if(reasons.begin(), reasons.end(),
                                   [](const std::string& reason) { return !reason.empty(); });
  return found == reasons.end() ? std::string() : *found;
}

void mark_disturbances(Sample& sample) {
  const double window_ns = sample.window_s * kNsPerSecond;
  const auto either = [&](auto&& disturbed) {
    return disturbed(sample.server, window_ns) || disturbed(sample.client, window_ns);
  };
  if (either(is_throttled)) sample.add(Mark::cpu_throttled);
  if (either(is_contended)) sample.add(Mark::cpu_contended);
}

}  // namespace ub::run
