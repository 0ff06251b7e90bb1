#pragma once

#include <string>

#include "uringbench/model/case.hpp"
#include "uringbench/path/registry.hpp"
#include "uringbench/uring/probe.hpp"

namespace ub::plan {

/// The case without factors that its engine, path or transport does not have, so that they make no
/// difference between two cases that are the same: a thread per client has no ring.
Case without_idle_factors(Case the_case, const path::Descriptor& path);

/// What contradicts itself in one case, or cannot be had on this kernel; empty when nothing does.
/// `planned` has its receive path.
std::string why_impossible_case(const Case& planned, const path::Descriptor& path,
                                const uring::Probe& probe);

}  // namespace ub::plan
