#pragma once

#include <string>
#include <vector>

#include "session.hpp"

namespace ub::run {

/// Whether the machine gave a sample what it asked for: time, and the CPUs for all of it.
/// Why a figure of this window does not stand; empty where it does.
std::string why_not_trusted(const Sample& sample, const Edge& before, const Edge& after);

/// Marks of windows whose figures stand and were disturbed: "cpu-throttled", "cpu-contended".
void mark_disturbances(const Sample& sample, std::vector<std::string>& marks);

}  // namespace ub::run
