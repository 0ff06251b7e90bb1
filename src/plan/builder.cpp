#include "uringbench/plan/builder.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <numeric>
#include <random>
#include <set>
#include <unordered_set>

#include "case_rules.hpp"
#include "controls.hpp"
#include "defaults.hpp"
#include "product.hpp"
#include "uringbench/base/error.hpp"

namespace ub::plan {
namespace {

/// What pricing the harness may cost of a study's time.
constexpr std::uint64_t kHarnessWindowNs = 200'000'000;
constexpr std::uint64_t kHarnessWarmupNs = 50'000'000;

/// Uploads are received only, so an engine's name alone means its null path, which sends nothing.
std::vector<std::string> modes_named(const std::vector<std::string>& asked, Workload workload) {
  if (sends(workload)) return asked;
  std::vector<std::string> names;
  for (const std::string& name : asked) {
    if (name == "default" || name == "all") {
      names.insert(names.end(), {"pthread-null", "epoll-null", "uring-null"});
    } else {
      const auto engine = from_text<EngineKind>(name);
      names.push_back(engine ? mode_name(*engine, "null") : name);
    }
  }
  return names;
}

/// If the options leave no case that there can be, they are refused.
void refuse_if_impossible(const Plan& plan) {
  const auto possible = [](const PlannedCase& planned) { return planned.unavailable.empty(); };
  if (std::any_of(plan.cases.begin(), plan.cases.end(), possible)) return;
  throw UsageError(plan.cases.front().unavailable);
}

/// Which options of factors a study really has a use for, so that none is accepted and ignored.
class Use {
 public:
  explicit Use(const AskedFactors& asked) {
    for (const auto& [option, values] : asked) idle_[find_factor(option)] = "";
  }

  /// What resetting the idle factors of a case gave up.
  void add(const std::vector<IdleFactor>& idle) {
    for (auto each = idle_.begin(); each != idle_.end();) {
      const auto found = std::find_if(idle.begin(), idle.end(), [&](const IdleFactor& one) {
        return one.factor == each->first;
      });
      if (found == idle.end()) {
        each = idle_.erase(each);
        continue;
      }
      if (each->second.empty()) {
        each->second = fmt::format("--{}: {}", found->factor->option, found->reason);
      }
      ++each;
    }
  }

  /// Throws UsageError for an option that no case has a use for.
  void refuse_idle() const {
    for (const auto& [factor, reason] : idle_) {
      if (!reason.empty()) throw UsageError(reason);
    }
  }

 private:
  std::map<const Factor*, std::string> idle_;  ///< options without a use so far, and why
};

/// Collects the cases of a plan, each once: the same case may come of several values of a factor
/// that it has no use for.
class Comparison {
 public:
  Comparison(Plan& plan, const uring::Probe& probe) : plan_(plan), probe_(probe) {}

  void add(const StudyOptions& options, const Machines& machines) {
    const std::vector<Choice> choices = choices_of(options.factors);
    const std::vector<Case> cases = product_of(choices, kMostCases);
    if (!options.machines) check_sockets(options.factors);  // else each role sees for itself
    Use use(options.factors);
    const Defaults defaults(options.factors, machines);
    std::map<Workload, std::vector<Mode>> modes;
    for (const Case& each : cases) {
      auto known = modes.find(each.workload);
      if (known == modes.end()) {
        known = modes
                    .emplace(each.workload,
                             expand_modes(modes_named(options.modes, each.workload), probe_))
                    .first;
      }
      const std::size_t first = plan_.cases.size();
      for (const Mode& mode : known->second) add_case(each, mode, defaults, use);
      if (options.equal_batches) add_equal_batches(each, known->second, defaults, first);
    }
    use.refuse_idle();
  }

 private:
  /// The first mode once more with each batch that the cases from `first` on have, where it can
  /// have it.
  void add_equal_batches(const Case& asked, const std::vector<Mode>& modes,
                         const Defaults& defaults, std::size_t first) {
    const auto baseline = std::find_if(modes.begin(), modes.end(), [](const Mode& mode) {
      return mode.unavailable.empty() && mode.path->family != Family::none;
    });
    if (baseline == modes.end()) return;
    std::set<std::uint32_t> batches;
    for (std::size_t i = first; i < plan_.cases.size(); ++i) {
      const auto& [the_case, unavailable] = plan_.cases[i];
      if (unavailable.empty() && !sends_nothing(the_case)) batches.insert(the_case.batch);
    }
    for (const std::uint32_t batch : batches) {
      PlannedCase planned = plan_case(asked, *baseline, defaults, probe_, batch).planned;
      if (planned.unavailable.empty() && seen_.insert(planned.the_case).second) {
        plan_.cases.push_back(std::move(planned));
      }
    }
  }

  void add_case(const Case& asked, const Mode& mode, const Defaults& defaults, Use& use) {
    PlannedOfMode planned = plan_case(asked, mode, defaults, probe_);
    use.add(planned.idle);
    if (!seen_.insert(planned.planned.the_case).second) return;
    if (plan_.cases.size() == kMostCases) {
      throw UsageError(fmt::format(
          "these options make more than {} cases; a study has at most that many, so name fewer "
          "values",
          kMostCases));
    }
    plan_.cases.push_back(std::move(planned.planned));
  }

  Plan& plan_;
  const uring::Probe& probe_;
  std::unordered_set<Case, CaseHash> seen_;
};

/// Latencies are kept where there are requests.
void check_histogram(const Plan& plan) {
  if (plan.histogram == Switch::off) return;
  const bool some = std::any_of(plan.cases.begin(), plan.cases.end(), [](const PlannedCase& each) {
    return has_objective(each.the_case.workload, Objective::latency);
  });
  if (some) return;
  throw UsageError(fmt::format("--histogram: workload {} has no use for it; choose --workload {}",
                               to_text(plan.cases.front().the_case.workload),
                               workloads_with_requests()));
}

/// Each case once more, under the sampler.
void add_profiles(Plan& plan) {
  std::vector<PlannedCase> profiled = plan.cases;
  for (PlannedCase& planned : profiled) planned.the_case.purpose = Purpose::profile;
  plan.cases.insert(plan.cases.end(), profiled.begin(), profiled.end());
}

/// An engine whose harness has to be priced: it takes part in the comparison, and its null path
/// does not.
bool lacks_price(const Plan& plan, EngineKind engine) {
  bool takes_part = false;
  for (const PlannedCase& planned : plan.cases) {
    if (planned.the_case.engine != engine || !planned.unavailable.empty()) continue;
    if (planned.the_case.family == Family::none) return false;
    takes_part = true;
  }
  return takes_part;
}

/// One short null case for each engine (honesty rule 8). Its price hardly depends on size and
/// clients, so the simplest will do.
void add_harness(Plan& plan, const StudyOptions& options, const Machines& machines,
                 const uring::Probe& probe) {
  Case c = with_default_variants(plan.cases.front().the_case);
  c.purpose = Purpose::harness;
  c.workload = Workload::stream;
  if (facts_of(c.link).span == LinkSpan::one_machine) {
    c.link = Case().link;
    c.transport = Case().transport;
  }
  c.clients = 1;
  c.batch = 1;
  c.verify = Switch::off;
  c.duration_ns = std::min(c.duration_ns, kHarnessWindowNs);
  c.warmup_ns = std::min(c.warmup_ns, kHarnessWarmupNs);
  AskedFactors asked = options.factors;
  asked["batch"] = {"1"};
  const Defaults defaults(asked, machines);
  std::vector<PlannedCase> added;
  for (const Mode& mode : all_modes(probe)) {
    if (mode.path->family != Family::none || !lacks_price(plan, mode.engine)) continue;
    added.push_back(plan_case(c, mode, defaults, probe).planned);
  }
  plan.cases.insert(plan.cases.end(), added.begin(), added.end());
}

void check_reps(const StudyOptions& options) {
  if (options.reps >= 1 && options.reps <= kMostReps) return;
  throw UsageError(
      fmt::format("--reps: '{}' is out of range; 1 to {} are accepted", options.reps, kMostReps));
}

bool between_hosts(const LinkFacts& link) {
  return link.span == LinkSpan::two_hosts;
}

/// Two hosts have one link between them, and one machine has not.
StudyOptions with_link_of_hosts(StudyOptions options) {
  const bool two_hosts = !on_one_machine(options.hosts);
  const auto asked = options.factors.find("link");
  if (asked == options.factors.end()) {
    if (two_hosts) options.factors["link"] = {names_of_links(between_hosts, "or")};
    return options;
  }
  for (const std::string& name : asked->second) {
    const auto link = from_text<Link>(name);
    if (!link || between_hosts(facts_of(*link)) == two_hosts) continue;
    throw UsageError(
        two_hosts ? fmt::format("--link {}: it is made within one machine, and --server and --load "
                                "name two hosts; leave it out, or choose --link {}",
                                name, names_of_links(between_hosts, "or"))
                  : fmt::format("--link {}: it lies between two hosts; name one with --server or "
                                "--load",
                                name));
  }
  return options;
}

StudyOptions with(StudyOptions options, const FurtherComparison& further) {
  options.modes = further.modes;
  for (const auto& [option, values] : further.factors) options.factors[option] = values;
  return options;
}

}  // namespace

Plan build_plan(const StudyOptions& asked, const uring::Probe& probe) {
  check_reps(asked);
  const StudyOptions options = with_link_of_hosts(asked);
  const Machines machines = options.machines.value_or(this_machine());
  Plan plan;
  plan.hosts = options.hosts;
  plan.reps = options.reps;
  plan.seed = options.seed;
  plan.until = options.until;
  plan.histogram = options.histogram;
  plan.counters = options.counters;
  plan.profile = options.profile;
  Comparison comparison(plan, probe);
  comparison.add(options, machines);
  for (const FurtherComparison& each : options.also) comparison.add(with(options, each), machines);
  check_histogram(plan);
  refuse_if_impossible(plan);
  if (options.profile != ProfileScope::off) add_profiles(plan);
  add_harness(plan, options, machines, probe);
  add_controls(plan);
  return plan;
}

std::vector<std::size_t> block_order(const Plan& plan, std::uint32_t block) {
  std::vector<std::size_t> order(plan.cases.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::seed_seq seeds{static_cast<std::uint32_t>(plan.seed),
                      static_cast<std::uint32_t>(plan.seed >> 32U), block};
  std::mt19937_64 random(seeds);
  // Fisher and Yates by hand: std::shuffle may differ between libraries, and a seed must not.
  for (std::size_t i = order.size(); i > 1; --i) std::swap(order[i - 1], order[random() % i]);
  return order;
}

}  // namespace ub::plan
