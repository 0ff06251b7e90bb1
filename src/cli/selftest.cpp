// uringbench selftest: does the zero-copy meter tell the truth on this kernel?
#include "uringbench/run/selftest.hpp"

#include <algorithm>
#include <iostream>

#include "commands.hpp"
#include "measuring.hpp"
#include "outputs.hpp"
#include "progress.hpp"
#include "uringbench/report/format.hpp"
#include "uringbench/run/interrupt.hpp"
#include "uringbench/run/runner.hpp"

namespace ub::cli {
namespace {

report::SelftestRow row_of(const run::SelftestRow& row) {
  return {.mode = row.mode,
          .link = row.link,
          .expected = std::string(row.expected),
          .said = row.said,
          .cause = row.cause,
          .verdict = std::string(to_text(row.verdict)),
          .contradicts = row.verdict == run::Verdict::contradicts,
          .judged =
              row.verdict != run::Verdict::unavailable && row.verdict != run::Verdict::not_judged};
}

}  // namespace

int selftest(const std::string& format) {
  const report::Format& how = report::format_named(format, report::Input::selftest);
  const uring::Probe probe = uring::Probe::run();
  const Plan plan = run::selftest_plan(probe);
  const run::Interrupt interrupt;
  std::vector<report::SelftestRow> rows;
  run::Completion completion{};
  {
    ProgressLine line;
    completion =
        run::Runner(runner_options(plan, probe, interrupt))
            .run(plan,
                 {.take = [&](const Sample& sample) { rows.push_back(row_of(run::judge(sample))); },
                  .progress = [&](const run::Progress& at) { line.show(at); }});
  }
  if (completion == run::Completion::interrupted) return kInterrupted;
  report::write(std::cout, how.selftest(rows), look_of_output());
  const bool contradicts = std::any_of(
      rows.begin(), rows.end(), [](const report::SelftestRow& row) { return row.contradicts; });
  if (contradicts) return kStudyFailed;
  const bool judged = std::all_of(rows.begin(), rows.end(),
                                  [](const report::SelftestRow& row) { return row.judged; });
  return judged && !rows.empty() ? kDone : kNotJudged;
}

}  // namespace ub::cli
