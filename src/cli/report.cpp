// uringbench report: what a study measured, from its samples.jsonl alone.
#include <fmt/format.h>

#include <cerrno>
#include <fstream>
#include <iostream>

#include "commands.hpp"
#include "output_file.hpp"
#include "outputs.hpp"
#include "recording.hpp"
#include "stack_files.hpp"
#include "uringbench/base/error.hpp"
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
    fmt::print(stderr, "uringbench: line {} of '{}' is torn and left out\n", recording.torn->number,
               name);
  }
  return recording;
}

int report(const std::string& directory, const RunArguments& arguments) {
  std::optional<OutputFile> file;
  if (!arguments.output.empty()) file.emplace(arguments.output);
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
    if (!note.empty()) fmt::print(stderr, "uringbench: {}\n", note);
  }
  if (file) file->put();
  return kDone;
}

}  // namespace ub::cli
