#pragma once

#include <string>
#include <vector>

#include "uringbench/model/factor.hpp"
#include "uringbench/path/registry.hpp"
#include "uringbench/uring/probe.hpp"

namespace ub::plan {

/// A factor whose value a case has no use for, and why.
struct IdleFactor {
  const Factor* factor = nullptr;
  std::string reason;
};

/// Gives every factor that the case has no use for its default; returns those that had another
/// value.
std::vector<IdleFactor> reset_idle_factors(Case& the_case, const path::Descriptor& path);

/// Why no machine could run the case, or this kernel cannot; empty when it can be tried.
std::string why_impossible_case(const Case& the_case, const path::Descriptor& path,
                                const uring::Probe& probe);

}  // namespace ub::plan
