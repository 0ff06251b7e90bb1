#pragma once

#include <fstream>
#include <memory>
#include <optional>
#include <vector>

#include "arguments.hpp"
#include "uringbench/report/reporter.hpp"
#include "uringbench/study/journal.hpp"

namespace ub::cli {

/// The reporter of `format` on standard output. Throws UsageError for a baseline that `plan` has
/// not.
std::unique_ptr<report::Reporter> standard_output(const RunArguments& arguments, const Plan& plan);

/// Everything a study's samples go to: standard output, and the files of `--out`. The journal is
/// written first, so that a sample is safe before anything else is done with it.
class Outputs {
 public:
  Outputs(const RunArguments& arguments, const Environment& environment, const Plan& plan);

  void take(const Sample& sample);
  void end();

 private:
  void open_files(const RunArguments& arguments, const Environment& environment, const Plan& plan);

  std::optional<study::Journal> journal_;
  std::vector<std::unique_ptr<std::ofstream>> files_;
  std::vector<std::unique_ptr<report::Reporter>> reporters_;
};

}  // namespace ub::cli
