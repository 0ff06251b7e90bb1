#pragma once

#include "uringbench/plan/options.hpp"

namespace ub::plan {

/// Throws UsageError for a value that no kernel would take.
void check_ranges(const StudyOptions& options);

/// Throws UsageError for a congestion control or a buffer size that this kernel refuses, found out
/// on sockets that are thrown away.
void check_sockets(const StudyOptions& options);

}  // namespace ub::plan
