// uringbench report: what a study measured, from its samples.jsonl alone.
#include <fmt/format.h>

#include <cerrno>
#include <fstream>
#include <iostream>
#include <memory>

#include "commands.hpp"
#include "notice.hpp"
#include "outputs.hpp"
#include "recording.hpp"
#include "stack_files.hpp"
#include "uringbench/base/error.hpp"
#include "uringbench/base/output_file.hpp"
#include "uringbench/record/journal.hpp"

namespace ub::cli {

record::Recording recording_in(const std::string& directory, const std::string& command) {
  const std::string name = directory + "/" + record::kSamplesFile;
  std::ifstream file(name);
  if (!file) {
    throw UsageError(fmt::format("{}: '{}' cannot be read: {}; name the directory of a study",
                                 command, name, describe_errno(errno)));
  }
  record::Recording recording = record::read_recording(file);
  if (recording.torn) {
    notice(fmt::format("line {} of '{}' is torn and left out", recording.torn->number, name));
  }
  return recording;
}

int report(const std::string& directory, const RunArguments& arguments) {
  std::unique_ptr<OutputFile> file;
  if (!arguments.output.empty()) file = std::make_unique<OutputFile>("--output", arguments.output);
  analysis::StudyData study = analysis::study_of(recording_in(directory, "report"));
  study.stacks = read_stacks(directory, study.plan);
  report::StudyWriter writer =
      file ? writer_to(file->stream(), arguments, study.plan, report::Colour::off)
           : standard_output(arguments, study.plan);
  writer.begin(study.environment, study.plan);
  for (const Sample& sample : study.samples) writer.sample(sample);
  if (writer.needs_analysis()) {
    const std::string_view note =
        writer.end(study, analysis::analyse(study, baseline_of(arguments, study.plan)));
    notice(note);
  }
  if (file) file->publish();
  return kDone;
}

}  // namespace ub::cli
