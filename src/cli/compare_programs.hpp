#pragma once

#include <optional>

#include "commands.hpp"
#include "uringbench/analysis/analysis.hpp"

namespace ub::cli {

/// One study of two programs, taken apart: equal plans, and samples of one block are neighbours.
struct ProgramStudies {
  analysis::StudyData a;
  analysis::StudyData b;
};

/// Measures every case with both programs of --program, one right after the other, which first is
/// drawn. Nullopt if it was interrupted; what was measured is in DIR/a and DIR/b of --out DIR.
/// Throws UsageError for a program that does not take part, and options that mean nothing here.
std::optional<ProgramStudies> take_programs_in_turn(const CompareArguments& arguments,
                                                    const RunArguments& study);

}  // namespace ub::cli
