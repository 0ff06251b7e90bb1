#include "capacity.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cmath>
#include <optional>

#include "measuring.hpp"
#include "notice.hpp"
#include "option_values.hpp"
#include "uringbench/base/error.hpp"
#include "uringbench/base/units.hpp"
#include "uringbench/plan/builder.hpp"
#include "uringbench/run/interrupt.hpp"
#include "uringbench/run/runner.hpp"
#include "uringbench/stats/quantile.hpp"

namespace ub::cli {
namespace {

constexpr const char* kRate = "rate";
constexpr const char* kDepth = "16";  ///< requests in flight per connection: saturates
constexpr std::uint32_t kReps = 3;

bool is_share(const std::string& text) {
  return text.ends_with('%');
}

bool has_shares(const RunArguments& arguments) {
  const auto rates = arguments.factors.find(kRate);
  return rates != arguments.factors.end() &&
         std::any_of(rates->second.begin(), rates->second.end(), is_share);
}

/// The same cases in a closed loop.
Plan capacity_plan(RunArguments arguments, const Site& site) {
  arguments.factors.erase(kRate);
  arguments.factors.erase("gaps");
  arguments.factors["depth"] = {kDepth};
  arguments.reps = std::to_string(kReps);
  arguments.until_ci.clear();
  arguments.max_reps.clear();
  Plan plan = plan::build_plan(site.fitted(to_study(arguments)), site.probe());
  std::erase_if(plan.cases, [](const PlannedCase& planned) {
    return planned.the_case.purpose != Purpose::comparison ||
           planned.the_case.family == Family::none;
  });
  return plan;
}

std::vector<Sample> measured(const Plan& plan, Site& site) {
  const run::Interrupt interrupt;
  run::RunnerOptions options = runner_options(plan, site.probe(), interrupt);
  options.fleet = site.fleet();
  if (options.fleet != nullptr) options.fleet->interrupt_by(interrupt.fd());
  std::vector<Sample> samples;
  const auto completion =
      run::Runner(std::move(options))
          .run(plan,
               {.take = [&](const Sample& sample) { samples.push_back(sample); },
                .progress = [](const run::Progress&) {}},
               {});
  if (completion == run::Completion::interrupted) {
    throw SetupError("interrupted before the capacity was known, which --rate has shares of");
  }
  return samples;
}

struct Slowest {
  double per_s = 0;
  Case the_case;
};

/// By the median of its repetitions. A case without a valid one has no say.
std::optional<Slowest> slowest_of(const Plan& plan, const std::vector<Sample>& samples) {
  std::optional<Slowest> slowest;
  for (const PlannedCase& planned : plan.cases) {
    std::vector<double> rates;
    for (const Sample& sample : samples) {
      if (sample.status == Status::valid && sample.the_case == planned.the_case) {
        rates.push_back(sample.message_rate);
      }
    }
    const auto rate = stats::median(rates);
    if (rate && (!slowest || *rate < slowest->per_s)) slowest = {*rate, planned.the_case};
  }
  return slowest;
}

/// Three digits: a rate that can be typed again.
std::uint64_t rounded(double rate) {
  const double step = std::pow(10, std::max(0.0, std::floor(std::log10(rate)) - 2));
  return static_cast<std::uint64_t>(std::max(1.0, std::round(rate / step) * step));
}

}  // namespace

AtShares at_shares(RunArguments arguments, Site& site) {
  if (!has_shares(arguments)) return {std::move(arguments), {}};
  const std::vector<std::string> asked = arguments.factors.at(kRate);
  for (const std::string& text : asked) {
    if (is_share(text)) (void)percent_of("--rate", text);
  }
  RunArguments trial = arguments;
  trial.factors[kRate] = {"1000"};
  (void)plan::build_plan(site.fitted(to_study(trial)),
                         site.probe());  // refuses before anything runs
  const Plan plan = capacity_plan(arguments, site);
  notice(
      fmt::format("measuring the capacity that --rate has shares of: {} cases", plan.cases.size()));
  const auto slowest = slowest_of(plan, measured(plan, site));
  if (!slowest) {
    throw SetupError(
        "--rate: no case gave a valid sample in a closed loop, so there is no "
        "capacity to take a share of; give rates instead");
  }
  std::vector<std::string> rates;
  rates.reserve(asked.size());
  for (const std::string& text : asked) {
    rates.push_back(is_share(text)
                        ? std::to_string(rounded(percent_of("--rate", text) * slowest->per_s))
                        : text);
  }
  arguments.factors[kRate] = rates;
  const std::string capacity =
      fmt::format("{:.0f} requests/s, of {} at size {}, {} client{}", slowest->per_s,
                  variant_name(slowest->the_case), format_size(slowest->the_case.size_bytes),
                  slowest->the_case.clients, slowest->the_case.clients == 1 ? "" : "s");
  notice(fmt::format("the slowest has a capacity of {}; --rate {} is {}", capacity,
                     fmt::join(asked, ","), fmt::join(rates, ",")));
  return {std::move(arguments),
          {{"rate_capacity", capacity}, {"rate_shares", fmt::format("{}", fmt::join(asked, ","))}}};
}

void refuse_shares(const RunArguments& arguments) {
  if (!has_shares(arguments)) return;
  throw UsageError("--rate: a study that goes on has its rates already; leave the shares out");
}

}  // namespace ub::cli
