// uringbench run: options → plan → samples → reports.
#include <fmt/format.h>

#include <csignal>

#include "capacity.hpp"
#include "commands.hpp"
#include "measuring.hpp"
#include "notice.hpp"
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

Beginning begin_anew(const RunArguments& asked, StudyKind kind) {
  (void)to_study(asked);  // a mistake in the options is told before any host is reached
  auto site = std::make_unique<Site>(hosts_of(asked));
  const auto [arguments, shares] = at_shares(asked, *site);
  record::StudyHead head;
  head.plan = plan_of(arguments, *site, kind);
  head.environment = site->describe(head.plan);
  head.environment.facts.insert(shares.begin(), shares.end());
  Plan plan = head.plan;
  return {std::move(site), std::move(plan), Outputs(arguments, head)};
}

/// Whatever else was typed must name the study that is there, but it may have more repetitions.
/// Returns how many.
std::uint32_t reps_asked(const RunArguments& arguments, const Plan& plan, const Site& site) {
  RunArguments asked = arguments;
  asked.resume.clear();
  asked.output.clear();
  asked.baseline.clear();
  asked.format = RunArguments{}.format;
  if (asked == RunArguments{}) return plan.reps;
  std::string& reps = plan.until ? asked.max_reps : asked.reps;
  const std::uint32_t most = to_study(asked).reps;
  const std::uint32_t wanted = reps.empty() ? plan.reps : most;
  reps.clear();
  if (asked != RunArguments{}) {
    asked = arguments;
    asked.resume.clear();
    Plan now = plan::build_plan(site.fitted(comparison_of(asked)), site.probe());
    now.reps_at_beginning = plan.reps_at_beginning;
    if (now.reps > plan.reps) now.reps = plan.reps;  // it may grow
    run::require_same_plan({plan, now});
  }
  if (wanted < plan.reps) {
    throw UsageError(
        fmt::format("{}: the study in '{}' has {} repetitions, and {} were asked for; ask for as "
                    "many or more",
                    plan.until ? "--max-reps" : "--reps", arguments.resume, plan.reps, wanted));
  }
  return wanted;
}

Beginning begin_again(const RunArguments& arguments) {
  refuse_shares(arguments);
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
  Plan plan = *recording.plan;
  auto site = std::make_unique<Site>(plan.hosts);
  const Environment now = site->describe(plan);
  run::require_same_machine({recording.environment, now});
  run::require_beginning_of(plan, recording.samples);
  const std::uint32_t reps = reps_asked(arguments, plan, *site);
  const std::size_t torn_bytes = recording.torn ? recording.torn->text.size() : 0;
  journal.go_on(now, torn_bytes);
  if (reps > plan.reps) {
    journal.grow(reps);
    if (plan.reps_at_beginning == 0) plan.reps_at_beginning = plan.reps;
    plan.reps = reps;
    recording.plan = plan;
  }
  Outputs outputs(arguments, std::move(journal), recording);
  if (torn_bytes > 0) notice("the torn line was removed from samples.jsonl; its sample runs again");
  return {std::move(site), std::move(plan), std::move(outputs)};
}

/// The directory that keeps the study; empty without one.
const std::string& directory_of(const RunArguments& arguments) {
  return arguments.resume.empty() ? arguments.out : arguments.resume;
}

/// What is worth a sentence beside the samples themselves.
struct Seen {
  bool failed = false;
  std::string no_ledger;

  void look_at(const Sample& sample) {
    failed = failed || went_wrong(sample);
    if (no_ledger.empty()) no_ledger = why_no_ledger(sample);
  }
};

run::Completion run_study(Beginning& study, const run::Runner& runner, Seen& seen) {
  const std::vector<Sample>& earlier = study.outputs.samples();
  for (const Sample& sample : earlier) seen.failed = seen.failed || went_wrong(sample);
  ProgressLine line;
  return runner.run(study.plan,
                    {.take =
                         [&](const Sample& sample) {
                           seen.look_at(sample);
                           study.outputs.take(sample);
                         },
                     .progress = [&](const run::Progress& at) { line.show(at); }},
                    earlier);
}

}  // namespace

int run(const RunArguments& arguments, StudyKind kind) {
  (void)report::format_named(arguments.format, report::Input::study);
  const std::string& directory = directory_of(arguments);
  // The reader of standard output may end before the study does, and the files must not.
  if (!directory.empty()) std::signal(SIGPIPE, SIG_IGN);
  Beginning study = arguments.resume.empty() ? begin_anew(arguments, kind) : begin_again(arguments);
  notice(build_warning());

  const run::Interrupt interrupt;
  StackFiles stacks(directory);
  run::RunnerOptions options = runner_options(study.plan, study.site->probe(), interrupt);
  options.fleet = study.site->fleet();
  if (options.fleet != nullptr) options.fleet->interrupt_by(interrupt.fd());
  options.stacks = stacks.writer();
  Seen seen;
  run::Completion completion{};
  try {
    completion = run_study(study, run::Runner(std::move(options)), seen);
  } catch (const SetupError&) {  // a host is lost, or the journal could not be written
    study.outputs.end();
    throw;
  }
  const Written written = study.outputs.end();
  notice(stacks.broken());
  notice(seen.no_ledger);
  if (completion == run::Completion::interrupted) {
    notice("interrupted: what was measured until now is kept");
    if (!directory.empty()) notice(fmt::format("`uringbench --resume {}` continues it", directory));
    return kInterrupted;
  }
  const bool whole = written == Written::all && stacks.broken().empty();
  return seen.failed || !whole ? kStudyFailed : kDone;
}

}  // namespace ub::cli
