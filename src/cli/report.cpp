// uringbench report: what a study measured, from its samples.jsonl alone.
#include <fmt/format.h>

#include <algorithm>
#include <cerrno>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <optional>

#include "commands.hpp"
#include "notice.hpp"
#include "outputs.hpp"
#include "recording.hpp"
#include "stack_files.hpp"
#include "uringbench/analysis/matrix.hpp"
#include "uringbench/base/build.hpp"
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

namespace {

int report_one(const std::string& directory, const RunArguments& arguments) {
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

/// "6.1" of "results/6.1/": what people told the studies apart by; all of it where that is not
/// enough.
std::string name_of(const std::string& directory, const std::vector<std::string>& all) {
  const auto last = [](const std::string& path) {
    const std::filesystem::path whole = std::filesystem::weakly_canonical(path);
    return whole.filename().string();
  };
  const auto same = std::count_if(all.begin(), all.end(), [&](const std::string& each) {
    return last(each) == last(directory);
  });
  return same > 1 ? directory : last(directory);
}

int report_matrix(const std::vector<std::string>& directories, const RunArguments& arguments) {
  const report::Format& format = report::format_named(arguments.format, report::Input::matrix);
  std::vector<analysis::StudyData> studies;
  studies.reserve(directories.size());
  std::vector<analysis::MatrixInput> inputs;
  for (const std::string& directory : directories) {
    studies.push_back(analysis::study_of(recording_in(directory, "report")));
    inputs.push_back({name_of(directory, directories), &studies.back()});
  }
  const std::string baseline = baseline_of(arguments, studies.front().plan);
  const report::Look look = look_of_output();
  const report::Page page = format.matrix(analysis::matrix_of(inputs, baseline), look);
  if (arguments.output.empty()) {
    report::write(std::cout, page, look);
    return kDone;
  }
  OutputFile file("--output", arguments.output);
  report::write(file.stream(), page, {});
  file.publish();
  return kDone;
}

}  // namespace

int report(const std::vector<std::string>& directories, const RunArguments& arguments) {
  if (directories.size() == 1) return report_one(directories.front(), arguments);
  return report_matrix(directories, arguments);
}

}  // namespace ub::cli
