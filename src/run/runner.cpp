#include "uringbench/run/runner.hpp"

#include <algorithm>

#include "core_distance.hpp"
#include "drift_watch.hpp"
#include "precision.hpp"
#include "sample_builder.hpp"
#include "session.hpp"
#include "uringbench/base/error.hpp"
#include "uringbench/perf/counter_board.hpp"
#include "uringbench/plan/schedule.hpp"
#include "uringbench/run/fleet.hpp"

namespace ub::run {
namespace {

Sample without_numbers(const Case& the_case, Status status, const std::string& reason) {
  Sample sample;
  sample.the_case = the_case;
  sample.status = status;
  sample.reason = reason;
  return sample;
}

/// Counters of a profiled case would compete with the sampler for the PMU; two are left for scale.
protocol::Metering metering_of(const Case& the_case, std::uint32_t rep,
                               const RunnerOptions& options) {
  if (the_case.purpose == Purpose::profile) {
    return {.counters = {"cycles", "instructions"}, .profile = options.profile};
  }
  if (!options.counters.empty()) return {.counters = options.counters};
  return {.counters = perf::counter_set_of(rep).selection.names};
}

void hand_over_stacks(const Case& the_case, const Outcome& outcome, const RunnerOptions& options) {
  const auto hand_over = [&](std::string_view role, const protocol::MaybeProfile& profile) {
    const auto* report = profile ? std::get_if<protocol::ProfileReport>(&*profile) : nullptr;
    if (report != nullptr) options.stacks(the_case, role, report->folded);
  };
  if (!options.stacks) return;
  hand_over("server", outcome.server_profile);
  hand_over("client", outcome.client_profile);
}

/// A cold start: both processes and every connection are this sample's own.
Sample measure(const Case& the_case, std::uint32_t rep, const RunnerOptions& options) {
  const auto local = make_local_launcher(options.program);
  Fleet* const fleet = options.fleet;
  Session session(options, fleet == nullptr ? *local : fleet->server(),
                  fleet == nullptr ? *local : fleet->load());
  try {
    session.prepare(the_case, metering_of(the_case, rep, options));
    session.go();
    session.wait(the_case.warmup_ns);
    const Edge before = session.snapshot(protocol::WindowEdge::begin);
    session.wait(the_case.duration_ns);
    const Edge after = session.snapshot(protocol::WindowEdge::end);
    const Outcome outcome = session.finish();
    hand_over_stacks(the_case, outcome, options);
    return build_sample(the_case, before, after, outcome);
  } catch (const SampleError&) {
    session.throw_if_a_role_died();  // which the other role knows as a connection refused or reset
    throw;
  }
}

Sample sample_of(const PlannedCase& planned, std::uint32_t rep, const RunnerOptions& options) {
  if (!planned.unavailable.empty()) {
    return without_numbers(planned.the_case, Status::unavailable, planned.unavailable);
  }
  try {
    return measure(planned.the_case, rep, options);
  } catch (const SampleError& error) {
    return without_numbers(planned.the_case, error.status(), error.what());
  } catch (const std::exception& error) {
    // A resource that ran short (a descriptor, a process, memory) or an answer that nobody can
    // read costs this sample, not the study.
    return without_numbers(planned.the_case, Status::failed, error.what());
  }
}

enum class After { the_next, nothing };

/// A sample, and what follows it. `host_lost` says why no other can; empty as a rule.
struct Taken {
  Sample sample;
  std::string host_lost = {};
  After after = After::the_next;
};

/// A host that was lost is reached again once, and the sample taken again.
Taken sample_over_hosts(const PlannedCase& planned, std::uint32_t rep,
                        const RunnerOptions& options) {
  Taken taken{sample_of(planned, rep, options)};
  if (taken.sample.status != Status::failed || options.fleet == nullptr) return taken;
  try {
    if (!options.fleet->mend()) return taken;
    taken.sample = sample_of(planned, rep, options);
    taken.sample.add(Mark::reconnected);
  } catch (const SetupError& error) {
    taken.host_lost = error.what();
  }
  return taken;
}

Reading distance_between(const PlannedCase& planned, const RunnerOptions& options) {
  if (!planned.unavailable.empty()) return Unavailable{"nothing was run"};
  if (options.fleet != nullptr) return Unavailable{"the roles run on two hosts"};
  return core_round_trip({planned.the_case.server_cpus, planned.the_case.client_cpus});
}

/// The distance first: while a sample runs, its CPUs are taken.
Taken take_sample(const PlannedCase& planned, std::uint32_t rep, const RunnerOptions& options) {
  Reading distance = distance_between(planned, options);
  Taken taken = sample_over_hosts(planned, rep, options);
  taken.sample.core_round_trip_ns = std::move(distance);
  return taken;
}

/// How often a study may take a sample again because the machine disturbed it: a machine that is
/// always busy would else take each case several times, and the study would not end when it said.
class SecondTakes {
 public:
  explicit SecondTakes(std::size_t samples)
      : left_(std::max(kLeast, samples / kOneIn)), reserve_(left_ / 2) {}

  /// Whether `sample`, of which `earlier` takes were put aside, is to be taken once more.
  bool grant(const Sample& sample, std::size_t earlier) {
    if (earlier == kMostPerSample || why(sample).empty()) return false;
    if (left_ <= (sample.status == Status::valid ? reserve_ : 0)) return false;
    --left_;
    return true;
  }

  /// What disturbed it, if another take may do without.
  static std::string why(const Sample& sample) {
    if (sample.status == Status::failed) return "";
    const auto found = std::find_if(kMarks.begin(), kMarks.end(), [&](const MarkFacts& mark) {
      return mark.use == MarkUse::take_again && sample.has(mark);
    });
    if (found == kMarks.end()) return "";
    return sample.reason.empty() ? std::string(found->name) : sample.reason;
  }

 private:
  static constexpr std::size_t kLeast = 4;
  static constexpr std::size_t kOneIn = 10;
  static constexpr std::size_t kMostPerSample = 2;
  std::size_t left_;
  std::size_t reserve_;  ///< for samples that would else have no figures
};

/// The last take counts, whatever it says: to choose among takes by their figures would bias them.
Taken take_undisturbed(const PlannedCase& planned, std::uint32_t rep, const RunnerOptions& options,
                       SecondTakes& second_takes) {
  std::vector<std::string> put_aside;
  Taken taken = take_sample(planned, rep, options);
  while (options.disturbed == Disturbed::taken_again && taken.host_lost.empty() &&
         second_takes.grant(taken.sample, put_aside.size())) {
    try {
      Taken again = take_sample(planned, rep, options);
      put_aside.push_back(SecondTakes::why(taken.sample));
      const bool reconnected = taken.sample.has(facts_of(Mark::reconnected));
      taken = std::move(again);
      if (reconnected) taken.sample.add(Mark::reconnected);
    } catch (const Interrupted&) {  // what was measured is kept
      taken.after = After::nothing;
      break;
    }
  }
  if (!put_aside.empty()) taken.sample.add(Mark::taken_again);
  taken.sample.put_aside = std::move(put_aside);
  return taken;
}

/// What earlier samples of the study mean for those to come.
struct History {
  DriftWatch drift;
  Precision precision;

  void add(const Sample& sample) {
    drift.add(sample);
    precision.add(sample);
  }
};

}  // namespace

Completion Runner::run(const Plan& plan, const RunHooks& hooks,
                       const std::vector<Sample>& earlier) const {
  Progress at;
  at.total = plan::block_schedule(plan, 0).size() * plan.reps;
  at.skipped = earlier.size();  // who takes the samples may add them to `earlier`
  History history{{}, Precision(plan)};
  SecondTakes second_takes(at.total);
  for (const Sample& sample : earlier) history.add(sample);
  try {
    for (std::uint32_t block = 0; block < plan.reps; ++block) {
      for (const plan::Slot& slot : plan::block_schedule(plan, block)) {
        if (at.done < at.skipped) {
          ++at.done;
          continue;
        }
        const PlannedCase& planned = plan.cases[slot.position];
        at.running = &planned.the_case;
        hooks.progress(at);
        auto [sample, host_lost, after] =
            take_undisturbed(planned, slot.rep, options_, second_takes);
        sample.rep = slot.rep;
        sample.block = slot.block;
        history.add(sample);
        if (history.drift.drifting()) sample.add(Mark::drift);
        hooks.take(sample);
        if (!host_lost.empty()) {
          throw SetupError(host_lost + "; what was measured is kept, and --resume goes on");
        }
        if (after == After::nothing) return Completion::interrupted;
        at.last = sample;
        ++at.done;
      }
      if (at.done >= at.skipped && history.precision.reached(block + 1)) break;
    }
  } catch (const Interrupted&) {
    return Completion::interrupted;
  }
  at.running = nullptr;
  hooks.progress(at);
  return Completion::complete;
}

}  // namespace ub::run
