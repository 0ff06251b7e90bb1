#pragma once

#include "uringbench/base/machine_kind.hpp"
#include "uringbench/model/plan.hpp"
#include "uringbench/run/interrupt.hpp"
#include "uringbench/run/runner.hpp"
#include "uringbench/uring/probe.hpp"

/// What every command that runs a plan does alike.
namespace ub::cli {

/// How to run `plan` on this kernel until `interrupt`, which outlives the run.
inline run::RunnerOptions runner_options(const Plan& plan, const uring::Probe& probe,
                                         const run::Interrupt& interrupt) {
  run::RunnerOptions options;
  options.report_usage = probe.of(uring::Feature::send_zc_report_usage).present();
  const bool emulated = hypervisor_of(hypervisor_signature(), "").kind == MachineKind::emulated;
  options.windows = emulated ? run::Windows::may_stretch : run::Windows::as_asked;
  options.histogram = plan.histogram;
  options.seed = plan.seed;
  options.interrupt_fd = interrupt.fd();
  options.counters = plan.counters;
  options.profile = plan.profile;
  return options;
}

/// A sample that makes a study end with kStudyFailed.
inline bool went_wrong(const Sample& sample) {
  return sample.status == Status::failed || sample.status == Status::invalid;
}

}  // namespace ub::cli
