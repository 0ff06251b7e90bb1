#pragma once

#include <fstream>
#include <memory>
#include <optional>
#include <vector>

#include "arguments.hpp"
#include "uringbench/report/reader.hpp"
#include "uringbench/report/reporter.hpp"
#include "uringbench/study/journal.hpp"

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
  Outputs(const RunArguments& arguments, const study::StudyHead& head);

  /// Continues the study of `journal` in `directory`: its other files are written anew.
  Outputs(const RunArguments& arguments, study::Journal journal,
          const report::Recording& recording);

  void take(const Sample& sample);
  void end();

 private:
  void open_reports(const std::filesystem::path& directory, const RunArguments& arguments,
                    const Plan& plan);
  void begin(const study::StudyHead& head);

  std::optional<study::Journal> journal_;
  std::vector<std::unique_ptr<std::ofstream>> files_;
  std::vector<std::unique_ptr<report::Reporter>> reporters_;
};

}  // namespace ub::cli
