// uringbench doctor: what on this machine would spoil a measurement, and how noisy it is.
#include "uringbench/doctor/doctor.hpp"

#include <fmt/format.h>
#include <poll.h>
#include <unistd.h>

#include <algorithm>
#include <iostream>

#include "commands.hpp"
#include "outputs.hpp"
#include "progress.hpp"
#include "uringbench/base/error.hpp"
#include "uringbench/base/machine_kind.hpp"
#include "uringbench/net/limits.hpp"
#include "uringbench/perf/counter_source.hpp"
#include "uringbench/plan/builder.hpp"
#include "uringbench/report/format.hpp"
#include "uringbench/run/interrupt.hpp"
#include "uringbench/run/runner.hpp"

namespace ub::cli {
namespace {

constexpr std::uint32_t kNoiseBlocks = 20;  // 95 % of one block need 19 (stats/noise.hpp)
constexpr std::size_t kBlocksOfAStudy = 8;
constexpr int kWatchMs = 500;

/// A mode that every kernel has, measured twice in each of twenty blocks: some seven seconds.
Plan noise_plan(const uring::Probe& probe) {
  plan::StudyOptions options;
  options.modes = {"pthread"};
  options.factors = {{"size", {"4K"}}, {"duration", {"100ms"}}, {"warmup", {"30ms"}}};
  options.reps = kNoiseBlocks;
  Plan plan = plan::build_plan(options, probe);
  std::erase_if(plan.cases, [](const PlannedCase& planned) {
    const Purpose purpose = planned.the_case.purpose;
    return purpose == Purpose::harness || purpose == Purpose::sentinel;
  });
  return plan;
}

doctor::Finding no_noise(const std::string& why) {
  return {"noise", doctor::Severity::unknown, why, "", ""};
}

doctor::Finding measured_noise(const std::vector<Sample>& samples) {
  const auto floor = analysis::noise_of(samples, analysis::message_rate).floor(kBlocksOfAStudy);
  if (!floor) {
    const auto bad = std::find_if(samples.begin(), samples.end(),
                                  [](const Sample& each) { return !each.reason.empty(); });
    return no_noise(bad == samples.end() ? "too few samples" : bad->reason);
  }
  return doctor::judge_noise(
      {.one_block = floor->one_block, .of_median = floor->of_median, .blocks = floor->blocks});
}

doctor::Finding measure_noise() {
  const uring::Probe probe = uring::Probe::run();
  const run::Interrupt interrupt;
  const run::Runner runner({.interrupt_fd = interrupt.fd()});
  std::vector<Sample> samples;
  ProgressLine line;
  const auto completion = runner.run(
      noise_plan(probe), {.take = [&](const Sample& sample) { samples.push_back(sample); },
                          .progress = [&](const run::Progress& at) { line.show(at); }});
  if (completion == run::Completion::interrupted) return no_noise("interrupted");
  return measured_noise(samples);
}

doctor::Trial ring_trial(const uring::Probe& probe) {
  const uring::Finding& ring = probe.of(uring::Feature::ring);
  return ring.present() ? "" : ring.detail;
}

doctor::Trial perf_trial() {
  const perf::CounterSpec& counter = *perf::find_counter("context_switches");
  const perf::CounterTarget thread{.tid = ::gettid()};
  perf::KernelCounterSource source;
  const auto opened = source.open(counter, thread);
  const auto* failure = std::get_if<perf::OpenFailure>(&opened);
  return failure == nullptr ? "" : source.explain(counter, thread, failure->error);
}

doctor::Machine this_machine() {
  const CpuList allowed = allowed_cpus();
  return {.root = "/",
          .server_cpus = {allowed.back()},
          .client_cpus = {allowed.front()},
          .memlock_bytes = net::memlock_limit_bytes(),
          .hypervisor = hypervisor_signature(),
          .ring = ring_trial(uring::Probe::run()),
          .perf_event = perf_trial(),
          .pause = [] { ::poll(nullptr, 0, kWatchMs); }};
}

std::vector<report::CheckRow> rows_of(const std::vector<doctor::Finding>& findings) {
  std::vector<report::CheckRow> rows;
  rows.reserve(findings.size());
  for (const doctor::Finding& each : findings) {
    rows.push_back(
        {each.name, std::string(doctor::to_text(each.severity)), each.found, each.why, each.mend});
  }
  return rows;
}

}  // namespace

int doctor(const DoctorArguments& arguments) {
  const report::Format& format = report::format_named(arguments.format, report::Input::checks);
  std::vector<doctor::Finding> findings = doctor::examine(this_machine());
  if (!arguments.quick) findings.push_back(measure_noise());
  report::write(std::cout, format.checks(rows_of(findings)), look_of_output());
  return kDone;
}

}  // namespace ub::cli
