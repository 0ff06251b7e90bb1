// uringbench selftest: does the zero-copy meter tell the truth on this kernel?
#include "uringbench/run/selftest.hpp"

#include <fmt/format.h>

#include "commands.hpp"
#include "measuring.hpp"
#include "uringbench/model/json.hpp"
#include "uringbench/run/interrupt.hpp"
#include "uringbench/run/runner.hpp"

namespace ub::cli {
namespace {

void print_row(const run::SelftestRow& row) {
  const std::string cause = row.cause.empty() ? "" : fmt::format(" ({})", row.cause);
  fmt::print("{:<22}{:<10}{:<10}{:<13}{}{}\n", row.mode, to_text(row.link), row.expected,
             to_text(row.verdict), row.said, cause);
}

Json json_of(const run::SelftestRow& row) {
  return {{"mode", row.mode},
          {"link", to_text(row.link)},
          {"expected", row.expected},
          {"said", row.said},
          {"cause", row.cause.empty() ? Json(nullptr) : Json(row.cause)},
          {"verdict", to_text(row.verdict)}};
}

void print_conclusion(std::size_t contradictions, std::size_t rows) {
  if (contradictions == 0) {
    fmt::print(
        "\nNo path contradicts: what loopback copies is reported as copied, and what the "
        "sinks do not, as real.\n");
  } else {
    fmt::print(
        "\n{} of {} rows contradict what must be: their zero-copy reports cannot be trusted "
        "on this kernel.\n",
        contradictions, rows);
  }
}

}  // namespace

int selftest(ListFormat format) {
  const uring::Probe probe = uring::Probe::run();
  const Plan plan = run::selftest_plan(probe);
  const run::Interrupt interrupt;
  std::size_t contradictions = 0;
  std::size_t count = 0;
  Json rows = Json::array();
  if (format == ListFormat::table) {
    fmt::print("{:<22}{:<10}{:<10}{:<13}{}\n", "mode", "link", "expected", "verdict",
               "the kernel said");
  }
  const auto take = [&](const Sample& sample) {
    const run::SelftestRow row = run::judge(sample);
    ++count;
    if (row.verdict == run::Verdict::contradicts) ++contradictions;
    if (format == ListFormat::table) print_row(row);
    rows.push_back(json_of(row));
  };
  const auto completion = run::Runner(runner_options(plan, probe, interrupt))
                              .run(plan, {.take = take, .progress = [](const run::Progress&) {}});
  if (completion == run::Completion::interrupted) return kInterrupted;
  if (format == ListFormat::table) {
    print_conclusion(contradictions, count);
  } else {
    const Json json{{"schema", kSchema}, {"rows", rows}};
    fmt::print("{}\n", json.dump(2, ' ', false, Json::error_handler_t::replace));
  }
  return contradictions == 0 ? kDone : kStudyFailed;
}

}  // namespace ub::cli
