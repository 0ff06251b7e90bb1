#pragma once

#include <fstream>
#include <memory>
#include <optional>
#include <vector>

#include "arguments.hpp"
#include "uringbench/record/journal.hpp"
#include "uringbench/record/reader.hpp"
#include "uringbench/report/reporter.hpp"

namespace ub::cli {

/// The reporter of `format` on standard output. Throws UsageError for a baseline that `plan` has
/// not.
std::unique_ptr<report::Reporter> standard_output(const RunArguments& arguments, const Plan& plan);

/// Colours only on a terminal, and not against the user's word (no-color.org).
report::Colour colour_of_output();

/// Everything a study's samples go to: standard output, and the files of `--out`. The journal is
/// written first, so that a sample is safe before anything else is done with it.
class Outputs {
 public:
  Outputs(const RunArguments& arguments, const record::StudyHead& head);

  /// Continues the study of `journal` in `directory`: its other files are written anew.
  Outputs(const RunArguments& arguments, record::Journal journal,
          const record::Recording& recording);

  void take(const Sample& sample);
  void end();

 private:
  void open_reports(const std::filesystem::path& directory, const RunArguments& arguments,
                    const Plan& plan);
  void begin(const record::StudyHead& head);

  std::optional<record::Journal> journal_;
  std::vector<std::unique_ptr<std::ofstream>> files_;
  std::vector<std::unique_ptr<report::Reporter>> reporters_;
};

}  // namespace ub::cli
