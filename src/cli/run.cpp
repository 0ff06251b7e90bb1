// uringbench run: options → plan → samples → reports.
#include <fmt/format.h>

#include "commands.hpp"
#include "outputs.hpp"
#include "progress.hpp"
#include "stack_files.hpp"
#include "uringbench/base/build.hpp"
#include "uringbench/study/builder.hpp"
#include "uringbench/study/environment.hpp"
#include "uringbench/study/interrupt.hpp"
#include "uringbench/study/runner.hpp"

namespace ub::cli {
namespace {

void warn(std::string_view sentence) {
  if (!sentence.empty()) fmt::print(stderr, "uringbench: {}\n", sentence);
}

}  // namespace

int run(const RunArguments& arguments) {
  (void)to_format(arguments);
  const study::StudyOptions options = to_study(arguments);
  const uring::Probe probe = uring::Probe::run();
  const Plan plan = study::build_plan(options, probe);
  Outputs outputs(arguments, study::describe_environment(probe, plan.seed), plan);
  warn(build_warning());

  const study::Interrupt interrupt;
  StackFiles stacks(arguments.out);
  const study::Runner runner(
      {.report_usage = probe.of(uring::Feature::send_zc_report_usage).supported,
       .histogram = options.histogram,
       .seed = options.seed,

       .interrupt_fd = interrupt.fd(),
       .counters = options.counters,
       .profile = options.profile,
       .stacks = stacks.writer()});
  bool failed = false;
  study::Completion completion{};
  {
    ProgressLine line;
    completion = runner.run(
        plan,
        [&](const Sample& sample) {
          failed = failed || sample.status == Status::failed || sample.status == Status::invalid;
          outputs.take(sample);
        },
        [&](const study::Progress& progress) { line.show(progress); });
  }
  outputs.end();
  if (completion == study::Completion::interrupted) {
    warn("interrupted: what was measured until now is kept");
    return kInterrupted;
  }
  return failed ? kStudyFailed : kDone;
}

}  // namespace ub::cli
