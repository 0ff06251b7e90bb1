#pragma once

#include <string>

#include "uringbench/record/reader.hpp"

namespace ub::cli {

/// The study in `directory`. A torn last line is left out, which standard error says. Throws
/// UsageError that begins with `command` when there is none.
record::Recording recording_in(const std::string& directory, const std::string& command);

}  // namespace ub::cli
