#pragma once

#include <string>
#include <vector>

#include "uringbench/model/environment.hpp"

namespace ub {

/// Why no time that was measured there says anything of another machine: the CPU is emulated, the
/// kernel checks itself, the clock of a guest is too coarse. Empty where times count. What the
/// kernel did (real or copied, calls, completions) holds there all the same. A guest on a real CPU
/// is no reason.
std::vector<std::string> why_facts_only(const Environment& environment);

}  // namespace ub
