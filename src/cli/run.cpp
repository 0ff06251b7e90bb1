// uringbench run: options → plan → samples → reports.
#include <fmt/format.h>

#include <algorithm>

#include "commands.hpp"
#include "measuring.hpp"
#include "outputs.hpp"
#include "progress.hpp"
#include "recording.hpp"
#include "site.hpp"
#include "stack_files.hpp"
#include "uringbench/base/build.hpp"
#include "uringbench/base/error.hpp"
#include "uringbench/plan/ablation.hpp"
#include "uringbench/plan/builder.hpp"
#include "uringbench/run/interrupt.hpp"
#include "uringbench/run/resume.hpp"
#include "uringbench/run/runner.hpp"

namespace ub::cli {
namespace {

void warn(std::string_view sentence) {
  if (!sentence.empty()) fmt::print(stderr, "uringbench: {}\n", sentence);
}

/// Why a profiled sample has no ledger of a role; empty when it has both, or is none.
std::string why_no_ledger(const Sample& sample) {
  if (sample.status != Status::valid) return "";
  for (const auto& [role, usage] :
       {std::pair{"server", &sample.server}, std::pair{"load generator", &sample.client}}) {
    if (!usage->profile) continue;
    const auto* none = std::get_if<Unavailable>(&*usage->profile);
    if (none != nullptr) {
      return fmt::format("--profile: no ledger of the {}: {}", role, none->reason);
    }
  }
  return "";
}

/// A study that is about to run: from its beginning, or from where an earlier run stopped.
struct Beginning {
  std::unique_ptr<Site> site;
  Plan plan;
  std::vector<Sample> earlier;
  Outputs outputs;
};

/// A comparison that says what a path gains, not what batching does for any path.
plan::StudyOptions comparison_of(const RunArguments& arguments) {
  plan::StudyOptions options = to_study(arguments);
  options.equal_batches = true;
  return options;
}

/// An ablation of nothing in particular is that of the reactor's plainest mode.
Plan plan_of(RunArguments arguments, const Site& site, StudyKind kind) {
  if (kind == StudyKind::comparison) {
    return plan::build_plan(site.fitted(comparison_of(arguments)), site.probe());
  }
  if (arguments.modes.empty()) arguments.modes = {"uring-two-copy"};
  arguments.factors.emplace("size", std::vector<std::string>{"4K"});
  return plan::build_ablation(site.fitted(to_study(arguments)), site.probe());
}

Beginning begin_anew(const RunArguments& arguments, StudyKind kind) {
  (void)to_study(arguments);  // a mistake in the options is told before any host is reached
  auto site = std::make_unique<Site>(hosts_of(arguments));
  record::StudyHead head;
  head.plan = plan_of(arguments, *site, kind);
  head.environment = site->describe(head.plan);
  return {std::move(site), head.plan, {}, Outputs(arguments, head)};
}

/// Whatever else was typed must name the study that is there.
void require_same_options(const RunArguments& arguments, const Plan& plan, const Site& site) {
  RunArguments asked = arguments;
  for (std::string* elsewhere : {&asked.resume, &asked.format, &asked.baseline}) {
    *elsewhere = elsewhere == &asked.format ? RunArguments{}.format : "";
  }
  if (asked == RunArguments{}) return;
  asked.baseline = arguments.baseline;
  run::require_same_plan({plan, plan::build_plan(site.fitted(comparison_of(asked)), site.probe())});
}

Beginning begin_again(const RunArguments& arguments) {
  if (!arguments.out.empty()) {
    throw UsageError(
        "--out: contradicts --resume, which goes on in its own directory; leave it out");
  }
  record::Journal journal = record::Journal::open(arguments.resume);  // before anything is read
  record::Recording recording = recording_in(arguments.resume, "--resume");
  if (!recording.plan) {
    throw UsageError(fmt::format(
        "--resume: '{}' holds no plan: an older version began it; begin a new study with --out",
        arguments.resume));
  }
  const Plan plan = *recording.plan;
  auto site = std::make_unique<Site>(plan.hosts);
  const Environment now = site->describe(plan);
  run::require_same_machine({recording.environment, now});
  require_same_options(arguments, plan, *site);
  run::require_beginning_of(plan, recording.samples);
  const std::size_t torn_bytes = recording.torn ? recording.torn->text.size() : 0;
  journal.go_on(now, torn_bytes);
  Outputs outputs(arguments, std::move(journal), recording);
  if (torn_bytes > 0) warn("the torn line was removed from samples.jsonl; its sample runs again");
  return {std::move(site), plan, std::move(recording.samples), std::move(outputs)};
}

}  // namespace

int run(const RunArguments& arguments, StudyKind kind) {
  (void)report::format_named(arguments.format, report::Input::study);
  Beginning study = arguments.resume.empty() ? begin_anew(arguments, kind) : begin_again(arguments);
  warn(build_warning());

  const run::Interrupt interrupt;
  StackFiles stacks(arguments.out);
  run::RunnerOptions options = runner_options(study.plan, study.site->probe(), interrupt);
  options.fleet = study.site->fleet();
  if (options.fleet != nullptr) options.fleet->interrupt_by(interrupt.fd());
  options.stacks = stacks.writer();
  const run::Runner runner(std::move(options));
  bool failed = std::any_of(study.earlier.begin(), study.earlier.end(), went_wrong);
  std::string no_ledger;
  run::Completion completion{};
  try {
    ProgressLine line;
    completion = runner.run(study.plan,
                            {.take =
                                 [&](const Sample& sample) {
                                   failed = failed || went_wrong(sample);
                                   if (no_ledger.empty()) no_ledger = why_no_ledger(sample);
                                   study.outputs.take(sample);
                                 },
                             .progress = [&](const run::Progress& at) { line.show(at); }},
                            study.earlier);
  } catch (const SetupError&) {  // a host is lost, or the journal could not be written
    study.outputs.end();
    throw;
  }
  study.outputs.end();
  warn(no_ledger);
  if (completion == run::Completion::interrupted) {
    const std::string& directory = arguments.resume.empty() ? arguments.out : arguments.resume;
    warn("interrupted: what was measured until now is kept");
    if (!directory.empty()) warn(fmt::format("`uringbench --resume {}` continues it", directory));
    return kInterrupted;
  }
  return failed ? kStudyFailed : kDone;
}

}  // namespace ub::cli
