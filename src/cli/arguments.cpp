// What the typed options mean.
#include "arguments.hpp"

#include <fmt/format.h>

#include <limits>

#include "option_values.hpp"
#include "uringbench/base/error.hpp"
#include "uringbench/base/units.hpp"
#include "uringbench/perf/counter.hpp"
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

}  // namespace

plan::StudyOptions to_study(const RunArguments& a) {
  const bool newcomer = a.modes.empty() && !a.factors.contains("size") &&
                        !a.factors.contains("duration") && a.reps.empty();
  plan::StudyOptions options;
  options.modes = a.modes.empty() ? std::vector<std::string>{"default"} : a.modes;
  options.factors = a.factors;
  // With eight modes, three sizes and three repetitions this keeps the promise of under a minute.
  if (newcomer) options.factors["duration"] = {"200ms"};
  options.histogram = a.histogram ? Switch::on : Switch::off;
  options.reps = count_of("--reps",
                          !a.reps.empty() ? a.reps
                          : newcomer      ? "3"
                                          : "1",
                          plan::kMostReps);
  fill_stop_rule(options, a);
  options.counters = counters_of(a.counters);
  options.profile = scope_of(a);
  options.seed = number_of("--seed", a.seed, std::numeric_limits<std::uint64_t>::max());
  return options;
}

}  // namespace ub::cli
