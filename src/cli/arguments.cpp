// What the typed options mean.
#include "arguments.hpp"

#include <fmt/format.h>

#include <limits>

#include "option_values.hpp"
#include "uringbench/base/error.hpp"
#include "uringbench/base/units.hpp"
#include "uringbench/perf/counter_source.hpp"
#include "uringbench/plan/builder.hpp"

namespace ub::cli {
namespace {

/// --until-ci and --max-reps.
void fill_stop_rule(plan::StudyOptions& options, const RunArguments& a) {
  constexpr std::uint32_t kDefaultMost = 40;
  if (a.until_ci.empty()) {
    if (!a.max_reps.empty()) throw UsageError("--max-reps: means nothing without --until-ci");
    return;
  }
  if (!a.reps.empty()) {
    throw UsageError(
        "--reps: contradicts --until-ci, which repeats as often as it needs; --max-reps bounds it");
  }
  options.until = StopRule{.half_width = percent_of("--until-ci", a.until_ci),
                           .baseline = plan::full_mode_name(a.baseline)};
  options.reps = kDefaultMost;
  if (!a.max_reps.empty()) options.reps = count_of("--max-reps", a.max_reps, plan::kMostReps);
  if (options.reps < kFewestBlocksUntil) {
    refuse("--max-reps", a.max_reps,
           fmt::format("enough for an interval; at least {} are needed", kFewestBlocksUntil));
  }
}

ProfileScope scope_of(const RunArguments& a) {
  if (a.profile_cpus) return ProfileScope::cpus;
  return a.profile ? ProfileScope::role : ProfileScope::off;
}

/// Throws UsageError for a counter that the program does not know.
std::vector<std::string> counters_of(const std::vector<std::string>& names) {
  for (const std::string& name : names) {
    if (perf::find_counter(name) == nullptr) {
      refuse("--counters", name, "a counter; `uringbench probe` lists them");
    }
  }
  return names;
}

std::uint16_t port_of(const std::string& text, const std::string& whole) {
  const auto digits = text.find_first_not_of("0123456789") == std::string::npos;
  const std::uint64_t port = digits && !text.empty() && text.size() <= 5 ? std::stoul(text) : 0;
  if (port >= 1 && port <= 65'535) return static_cast<std::uint16_t>(port);
  refuse("--data-port", whole, "a port, or a range of ports such as 5201-5216; 1 to 65535");
}

/// "5201", "5201-5216".
void fill_ports(Hosts& hosts, const std::string& text) {
  if (text.empty()) return;
  const auto dash = text.find('-');
  hosts.first_port = port_of(text.substr(0, dash), text);
  hosts.last_port =
      dash == std::string::npos ? hosts.first_port : port_of(text.substr(dash + 1), text);
  if (hosts.last_port < hosts.first_port) {
    refuse("--data-port", text, "a range of ports: its end comes before its begin");
  }
}

/// What a first run shows beside the ways to send over loopback: that small messages depend on
/// Nagle's algorithm, and zero-copy on a link that does not copy it after all.
std::vector<plan::FurtherComparison> sights_of_first_run(const Hosts& hosts) {
  std::vector<plan::FurtherComparison> sights{
      {.modes = {"batching"}, .factors = {{"size", {"64"}}, {"nodelay", {"on"}}}}};
  if (on_one_machine(hosts)) {
    sights.push_back(
        {.modes = {"sides"}, .factors = {{"size", {"4K", "64K"}}, {"link", {"tcp-sink"}}}});
  }
  return sights;
}

}  // namespace

Hosts hosts_of(const RunArguments& a) {
  Hosts hosts{.server = a.server,
              .load = a.load,
              .data_address = a.data_address,
              .remote_program = a.remote_program};
  fill_ports(hosts, a.data_port);
  if (!on_one_machine(hosts)) return hosts;
  for (const auto& [option, value] :
       {std::pair{"--data-address", &a.data_address}, std::pair{"--data-port", &a.data_port},
        std::pair{"--remote-program", &a.remote_program}}) {
    if (value->empty()) continue;
    throw UsageError(
        fmt::format("{}: means nothing while both ends are on this machine; name a host with "
                    "--server or --load",
                    option));
  }
  return hosts;
}

plan::StudyOptions to_study(const RunArguments& a) {
  const bool newcomer = a.modes.empty() && !a.factors.contains("size") &&
                        !a.factors.contains("duration") && a.reps.empty();
  plan::StudyOptions options;
  options.modes = a.modes.empty() ? std::vector<std::string>{"default"} : a.modes;
  options.factors = a.factors;
  // These keep the promise of under a minute.
  if (newcomer) {
    options.factors["duration"] = {"200ms"};
    options.factors.try_emplace("warmup", std::vector<std::string>{"200ms"});
  }
  options.histogram = a.histogram ? Switch::on : Switch::off;
  options.reps = count_of("--reps",
                          !a.reps.empty() ? a.reps
                          : newcomer      ? "3"
                                          : "1",
                          plan::kMostReps);
  fill_stop_rule(options, a);
  options.counters = counters_of(a.counters);
  options.hosts = hosts_of(a);
  if (newcomer && a.factors.empty()) options.also = sights_of_first_run(options.hosts);
  options.profile = scope_of(a);
  options.seed = number_of("--seed", a.seed, std::numeric_limits<std::uint64_t>::max());
  return options;
}

}  // namespace ub::cli
