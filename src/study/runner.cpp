#include "uringbench/study/runner.hpp"

#include "core_distance.hpp"
#include "drift_watch.hpp"
#include "sample_builder.hpp"
#include "session.hpp"
#include "uringbench/base/error.hpp"
#include "uringbench/perf/counter_sets.hpp"
#include "uringbench/study/schedule.hpp"

namespace ub::study {
namespace {

Sample without_numbers(const Case& the_case, Status status, const std::string& reason) {
  Sample sample;
  sample.the_case = the_case;
  sample.status = status;
  sample.reason = reason;
  return sample;
}

/// Counters of a profiled case would compete with the sampler for the PMU; two are left for scale.
Metering metering_of(const Case& the_case, std::uint32_t rep, const RunnerOptions& options) {
  if (the_case.purpose == Purpose::profile) {
    return {.counters = {"cycles", "instructions"}, .profile = options.profile};
  }
  if (!options.counters.empty()) return {.counters = options.counters};
  return {.counters = perf::counter_set_of(rep).selection.names};
}

void hand_over_stacks(const Case& the_case, const Outcome& outcome, const RunnerOptions& options) {
  const auto hand_over = [&](std::string_view role, const MaybeProfile& profile) {
    const auto* report = profile ? std::get_if<ProfileReport>(&*profile) : nullptr;
    if (report != nullptr) options.stacks(the_case, role, report->folded);
  };
  if (!options.stacks) return;
  hand_over("server", outcome.server_profile);
  hand_over("client", outcome.client_profile);
}

/// A cold start: both processes and every connection are this sample's own.
Sample measure(const Case& the_case, std::uint32_t rep, const RunnerOptions& options) {
  Session session(options);
  session.prepare(the_case, metering_of(the_case, rep, options));
  session.go();
  session.wait(the_case.warmup_ns);
  const Edge before = session.snapshot(WindowEdge::begin);
  session.wait(the_case.duration_ns);
  const Edge after = session.snapshot(WindowEdge::end);
  const Outcome outcome = session.finish();
  hand_over_stacks(the_case, outcome, options);
  return build_sample(the_case, before, after, outcome);
}

Sample sample_of(const PlannedCase& planned, std::uint32_t rep, const RunnerOptions& options) {
  if (!planned.unavailable.empty()) {
    return without_numbers(planned.the_case, Status::unavailable, planned.unavailable);
  }
  try {
    return measure(planned.the_case, rep, options);
  } catch (const SampleError& error) {
    return without_numbers(planned.the_case, error.status(), error.what());
  } catch (const Json::exception& error) {
    return without_numbers(planned.the_case, Status::failed, error.what());
  }
}

/// The distance first: while a sample runs, its CPUs are taken.
Sample take_sample(const PlannedCase& planned, std::uint32_t rep, const RunnerOptions& options) {
  Reading distance = Unavailable{"nothing was run"};
  const Case& c = planned.the_case;
  if (planned.unavailable.empty()) distance = core_round_trip({c.server_cpus, c.client_cpus});
  Sample sample = sample_of(planned, rep, options);
  sample.core_round_trip_ns = std::move(distance);
  return sample;
}

}  // namespace

Completion Runner::run(const Plan& plan, const std::function<void(const Sample&)>& take,
                       const std::function<void(const Progress&)>& progress) const {
  Progress at{.done = 0, .total = block_schedule(plan, 0).size() * plan.reps};
  DriftWatch drift;
  try {
    for (std::uint32_t block = 0; block < plan.reps; ++block) {
      for (const Slot& slot : block_schedule(plan, block)) {
        const PlannedCase& planned = plan.cases[slot.position];
        at.running = &planned.the_case;
        progress(at);
        Sample sample = take_sample(planned, slot.rep, options_);
        sample.rep = slot.rep;
        sample.block = slot.block;
        drift.add(sample);
        if (drift.drifting()) sample.marks.emplace_back(kDriftMark);
        take(sample);
        ++at.done;
      }
    }
  } catch (const Interrupted&) {
    return Completion::interrupted;
  }
  at.running = nullptr;
  progress(at);
  return Completion::complete;
}

}  // namespace ub::study
