// uringbench report: what a study measured, from its samples.jsonl alone.
#include <fmt/format.h>

#include <cerrno>
#include <fstream>
#include <optional>

#include "commands.hpp"
#include "notice.hpp"
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
    notice(fmt::format("line {} of '{}' is torn and left out", recording.torn->number, name));
  }
  return recording;
}

int report(const std::string& directory, const RunArguments& arguments) {
  analysis::StudyData study = analysis::study_of(recording_in(directory, "report"));
  study.stacks = read_stacks(directory, study.plan);
  Output output = main_output(arguments, study.plan);
  output.begin({study.environment, study.plan});
  for (const Sample& sample : study.samples) output.sample(sample);
  std::optional<analysis::Analysis> analysis;
  if (output.needs_analysis()) {
    analysis = analysis::analyse(study, baseline_of(arguments, study.plan));
  }
  const Written written = output.end(&study, analysis ? &*analysis : nullptr);
  return written == Written::all ? kDone : kStudyFailed;
}

}  // namespace ub::cli
