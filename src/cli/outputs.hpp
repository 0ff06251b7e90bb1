#pragma once

#include <filesystem>
#include <fstream>
#include <memory>
#include <optional>
#include <vector>

#include "arguments.hpp"
#include "uringbench/record/journal.hpp"
#include "uringbench/record/reader.hpp"
#include "uringbench/report/format.hpp"

namespace ub::cli {

/// The mode that ratios are to; empty when none was asked for. Throws UsageError for one that
/// `plan` has not: it would leave every ratio out.
std::string baseline_of(const RunArguments& arguments, const Plan& plan);

/// Writes a study on standard output in the format of the arguments. Throws UsageError for a format
/// that does not exist, and as baseline_of().
report::StudyWriter standard_output(const RunArguments& arguments, const Plan& plan);

/// The same on any stream, which outlives the writer.
report::StudyWriter writer_to(std::ostream& out, const RunArguments& arguments, const Plan& plan,
                              report::Colour colour);

/// Colours only on a terminal, and not against the user's word (no-color.org).
report::Colour colour_of_output();

/// Everything a study's samples go to: standard output, and the files of `--out`. The journal is
/// written first, so that a sample is safe before anything else is done with it. Samples are kept
/// once, and only where some output needs all of them.
class Outputs {
 public:
  Outputs(const RunArguments& arguments, const record::StudyHead& head);

  /// Continues the study of `journal` in `directory`: its other files are written anew.
  Outputs(const RunArguments& arguments, record::Journal journal,
          const record::Recording& recording);

  void take(const Sample& sample);
  void end();

 private:
  void open_reports(const std::filesystem::path& directory);
  void begin(const record::StudyHead& head);
  void write(const Sample& sample);

  std::optional<record::Journal> journal_;
  std::filesystem::path directory_;  ///< of --out or --resume; empty: nothing is kept
  std::string baseline_;
  std::vector<std::unique_ptr<std::ofstream>> files_;
  std::vector<report::StudyWriter> writers_;
  std::optional<analysis::StudyData> study_;  ///< where a writer needs the whole of it
};

}  // namespace ub::cli
