#pragma once

#include <string>

#include "session.hpp"

namespace ub::run {

/// Whether the machine gave a sample what it asked for: time, and the CPUs for all of it.
/// Why a figure of this window does not stand; empty where it does.
std::string why_not_trusted(const Sample& sample, const Edge& before, const Edge& after);

/// Marks a window whose figures stand and that was disturbed: throttled or contended.
void mark_disturbances(Sample& sample);

}  // namespace ub::run
