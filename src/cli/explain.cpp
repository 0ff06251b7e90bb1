// uringbench explain: two modes, each profiled and not, interleaved → why one is faster.
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <iostream>
#include <optional>

#include "commands.hpp"
#include "measuring.hpp"
#include "notice.hpp"
#include "outputs.hpp"
#include "progress.hpp"
#include "site.hpp"
#include "stack_files.hpp"
#include "uringbench/base/affinity.hpp"
#include "uringbench/base/build.hpp"
#include "uringbench/base/error.hpp"
#include "uringbench/base/thread.hpp"
#include "uringbench/model/speed_trust.hpp"
#include "uringbench/path/registry.hpp"
#include "uringbench/perf/reference_rates.hpp"
#include "uringbench/plan/builder.hpp"
#include "uringbench/record/journal.hpp"
#include "uringbench/report/format.hpp"
#include "uringbench/role/environment.hpp"
#include "uringbench/run/interrupt.hpp"
#include "uringbench/run/runner.hpp"

namespace ub::cli {
namespace {

constexpr std::uint32_t kExplainReps = 6;  // fewer cannot give a verdict at 5 %

/// `run`'s defaults are those of a survey; here one size, and enough repetitions for an interval.
plan::StudyOptions options_of(RunArguments arguments) {
  if (arguments.modes.empty()) {
    throw UsageError("--mode: explain compares two modes; name them: --mode A,B");
  }
  for (const auto& [option, value] :
       {std::pair{"--baseline", &arguments.baseline}, std::pair{"--output", &arguments.output}}) {
    if (value->empty()) continue;
    throw UsageError(
        fmt::format("{}: means nothing to `uringbench explain`; leave it out", option));
  }
  arguments.factors.emplace("size", std::vector<std::string>{"4K"});
  plan::StudyOptions options = to_study(arguments);
  if (arguments.reps.empty()) options.reps = kExplainReps;
  if (options.profile == ProfileScope::off) options.profile = ProfileScope::role;
  return options;
}

/// Cases of the comparison, without the null paths: these two modes are all that is asked about.
Plan plan_of(const plan::StudyOptions& options, const uring::Probe& probe) {
  Plan plan = plan::build_plan(options, probe);
  std::erase_if(plan.cases, [](const PlannedCase& planned) {
    return planned.the_case.purpose != Purpose::comparison &&
           planned.the_case.purpose != Purpose::profile;
  });
  const auto compared = std::count_if(
      plan.cases.begin(), plan.cases.end(),
      [](const PlannedCase& each) { return each.the_case.purpose == Purpose::comparison; });
  if (compared != 2) {
    throw UsageError(
        fmt::format("explain compares two cases, and these options make {}; name two "
                    "modes and one value of everything else",
                    compared));
  }
  return plan;
}

/// On the server's CPU, in a thread of its own, which is gone before the first sample.
analysis::CopyYardstick measure_yardstick(const Case& the_case) {
  analysis::CopyYardstick yardstick{.bytes_per_ns = 0, .block_bytes = the_case.size_bytes};
  start_thread("a thread that measures memcpy(3)", [&] {
    pin_this_thread(parse_cpu_list(the_case.server_cpus).value_or(allowed_cpus()));
    yardstick.bytes_per_ns = perf::measure_memcpy_rate(
        {.block_bytes = the_case.size_bytes, .source_bytes = the_case.working_set_bytes});
  }).join();
  return yardstick;
}

analysis::ExplainedPair pair_of(const Plan& plan) {
  std::vector<Case> cases;
  for (const PlannedCase& planned : plan.cases) {
    if (planned.the_case.purpose == Purpose::comparison) cases.push_back(planned.the_case);
  }
  return {.a = cases[0],
          .b = cases[1],
          .claim_a = std::string(path::find(cases[0].path)->copies),
          .claim_b = std::string(path::find(cases[1].path)->copies),
          .yardstick = measure_yardstick(cases[0])};
}

}  // namespace

int explain(const RunArguments& arguments) {
  const report::Format& format = report::format_named(arguments.format, report::Input::explanation);
  require_one_machine(hosts_of(arguments), "explain");
  const plan::StudyOptions options = options_of(arguments);
  const uring::Probe probe = uring::Probe::run();
  const Plan plan = plan_of(options, probe);
  const Environment environment = role::describe_environment(probe, plan.seed);
  if (const auto reasons = why_facts_only(environment); !reasons.empty()) {
    throw SetupError(
        fmt::format("explain: it compares times, and here they mean nothing ({}); facts are "
                    "compared by `report` "
                    "and `compare`",
                    fmt::join(reasons, "; ")));
  }
  std::optional<record::Journal> journal;
  if (!arguments.out.empty()) journal.emplace(arguments.out, record::StudyHead{environment, plan});
  notice(build_warning());

  const analysis::ExplainedPair pair = pair_of(plan);
  StackFiles stacks(arguments.out);
  const run::Interrupt interrupt;
  run::RunnerOptions how = runner_options(plan, probe, interrupt);
  how.stacks = stacks.writer();
  const run::Runner runner(std::move(how));
  std::vector<Sample> samples;
  run::Completion completion{};
  {
    ProgressLine line;
    completion =
        runner.run(plan, {.take =
                              [&](const Sample& sample) {
                                if (journal) journal->append(sample);
                                samples.push_back(sample);
                              },
                          .progress = [&](const run::Progress& progress) { line.show(progress); }});
  }
  report::write(std::cout, format.explanation(environment, analysis::explain(samples, pair)),
                look_of_output());
  notice(stacks.broken());
  if (completion == run::Completion::interrupted) return kInterrupted;
  const bool failed = std::any_of(samples.begin(), samples.end(), went_wrong);
  return failed ? kStudyFailed : kDone;
}

}  // namespace ub::cli
