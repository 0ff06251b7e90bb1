#pragma once

#include <filesystem>
#include <memory>
#include <optional>
#include <vector>

#include "arguments.hpp"
#include "uringbench/base/output_file.hpp"
#include "uringbench/record/journal.hpp"
#include "uringbench/record/reader.hpp"
#include "uringbench/report/format.hpp"

namespace ub::cli {

/// The mode that ratios are to; empty when none was asked for. Throws UsageError for one that
/// `plan` has not: it would leave every ratio out.
std::string baseline_of(const RunArguments& arguments, const Plan& plan);

/// How standard output is written: colours only on a terminal, and not against the user's word
/// (no-color.org); as wide as the terminal or COLUMNS says, within what can be read.
report::Look look_of_output();

/// What became of all outputs of a study.
enum class Written { all, not_all };

/// One place that a study is written to in one format. What goes wrong with it stays with it.
class Output {
 public:
  /// Standard output.
  explicit Output(report::StudyWriter writer) : writer_(std::move(writer)) {}
  Output(std::unique_ptr<OutputFile> file, report::StudyWriter writer)
      : file_(std::move(file)), writer_(std::move(writer)) {}

  [[nodiscard]] bool needs_analysis() const { return writer_.needs_analysis(); }
  void begin(const record::StudyHead& head);
  void sample(const Sample& sample);
  /// Says on standard error what was not written, and why.
  Written end(const analysis::StudyData* study, const analysis::Analysis* analysis);

 private:
  template <typename Write>
  void attempt(Write write);

  std::unique_ptr<OutputFile> file_;  ///< null: standard output
  report::StudyWriter writer_;
  std::string broken_;  ///< why nothing more is written
};

/// Standard output, or the file of `--output`, in the format of the arguments. Throws UsageError
/// for a format that does not exist, and as baseline_of(); SetupError where the file cannot be
/// made.
Output main_output(const RunArguments& arguments, const Plan& plan);

/// Everything a study's samples go to: its main output, and the files of `--out`. The journal is
/// written first, so that a sample is safe before anything else is done with it. Samples are kept
/// once, and only where some output needs all of them.
class Outputs {
 public:
  Outputs(const RunArguments& arguments, const record::StudyHead& head);

  /// Continues the study of `journal` in `directory`: its other files are written anew. Takes the
  /// samples out of `recording`.
  Outputs(const RunArguments& arguments, record::Journal journal, record::Recording& recording);

  /// Samples of an earlier run, when a study is continued.
  [[nodiscard]] const std::vector<Sample>& samples() const { return study_.samples; }

  void take(const Sample& sample);
  /// The main output last: who reads standard output may be gone by then, and the files are not.
  Written end();

 private:
  void open_reports(const std::filesystem::path& directory);
  void begin(const record::StudyHead& head);

  std::optional<record::Journal> journal_;
  std::filesystem::path directory_;  ///< of --out or --resume; empty: nothing is kept
  std::string baseline_;
  std::vector<Output> outputs_;
  bool needs_analysis_ = false;
  analysis::StudyData study_;  ///< its samples are kept where an output needs all of them
};

}  // namespace ub::cli
