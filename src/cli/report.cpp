// uringbench report: what a study measured, from its samples.jsonl alone.
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <cerrno>
#include <fstream>
#include <iostream>

#include "commands.hpp"
#include "outputs.hpp"
#include "recording.hpp"
#include "uringbench/base/error.hpp"
#include "uringbench/record/journal.hpp"
#include "uringbench/report/answers.hpp"
#include "uringbench/report/crossovers.hpp"

namespace ub::cli {
namespace {

/// "--size 10321,26008": to be put behind the command line of the study, with a new --out.
void print_refinement(const record::Recording& recording) {
  const auto sizes = report::sizes_to_refine(report::find_crossovers(recording.samples));
  if (sizes.empty()) {
    fmt::print(stderr, "uringbench: no crossing is shown that more sizes would place better\n");
    return;
  }
  fmt::print("--size {}\n", fmt::join(sizes, ","));
}

void print_table(const record::Recording& recording, const RunArguments& arguments) {
  const Plan plan = record::plan_of(recording);
  const auto reporter = standard_output(arguments, plan);
  reporter->begin(recording.environment, plan);
  for (const Sample& sample : recording.samples) reporter->sample(sample);
  reporter->end();
}

}  // namespace

record::Recording recording_in(const std::string& directory, const std::string& command) {
  const std::string name = directory + "/" + record::kSamplesFile;
  std::ifstream file(name);
  if (!file) {
    throw UsageError(fmt::format("{}: '{}' cannot be read: {}; name the directory of a study",
                                 command, name, describe_errno(errno)));
  }
  record::Recording recording = record::read_recording(file);
  if (recording.torn) {
    fmt::print(stderr, "uringbench: line {} of '{}' is torn and left out\n", recording.torn->number,
               name);
  }
  return recording;
}

int report(const std::string& directory, const RunArguments& arguments, ReportPart part) {
  const record::Recording recording = recording_in(directory, "report");
  switch (part) {
    case ReportPart::thresholds:
      report::write_thresholds(std::cout, recording.environment,
                               report::find_crossovers(recording.samples));
      break;
    case ReportPart::refine:
      print_refinement(recording);
      break;
    case ReportPart::answers:
      fmt::print("{}", report::answers_text(recording));
      break;
    case ReportPart::table:
      print_table(recording, arguments);
      break;
  }
  return kDone;
}

}  // namespace ub::cli
