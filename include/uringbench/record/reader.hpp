#pragma once

#include <cstddef>
#include <iosfwd>
#include <optional>
#include <string>
#include <vector>

#include "uringbench/model/environment.hpp"
#include "uringbench/model/plan.hpp"
#include "uringbench/model/sample.hpp"

namespace ub::record {

/// A last line that was cut off while it was written: it has no line feed and is not whole JSON.
/// The file is sound again without its last `text.size()` bytes.
struct TornLine {
  std::size_t number = 0;  ///< from 1
  std::string text;
};

/// What a samples.jsonl holds.
struct Recording {
  Environment environment;                      ///< the first record of the file
  std::vector<Environment> later_environments;  ///< more of them, if the study was resumed
  std::optional<Plan> plan;                     ///< what is to be run; older files have none
  std::vector<Sample> samples;                  ///< in the order of the file
  std::optional<TornLine> torn;
};

/// Reads samples.jsonl to its end. Records of an unknown kind are skipped, so that newer files can
/// be read; blank lines too. Throws SetupError that names the line for one that is not JSON, not a
/// record, or a record that lacks a field, for a sample before the first environment, for a file
/// without one, for one of another schema, and for the samples of two studies in one file.
Recording read_recording(std::istream& in);

/// The plan of the file, or one that fits the samples. Samples are recorded in a drawn order, so
/// the cases are put in one that reads well and never depends on the seed: by size, clients,
/// engine, family and path; those equal in all five in the order of the file.
Plan plan_of(const Recording& recording);

}  // namespace ub::record
