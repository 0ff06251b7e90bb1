#pragma once

#include "uringbench/model/environment.hpp"
#include "uringbench/uring/probe.hpp"

namespace ub::role {

/// What the machine, the kernel and the program are now. A fact that cannot be read says why.
Environment describe_environment(const uring::Probe& probe, std::uint64_t seed);

}  // namespace ub::role
