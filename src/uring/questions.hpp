#pragma once

#include <functional>
#include <string>
#include <string_view>

#include "uringbench/uring/probe.hpp"

namespace ub::uring {

/// One answer before it gets its name.
struct Answer {
  Support support = Support::missing;
  std::string_view how;
  std::string detail;
};

/// Asks this kernel for one feature after another, with a ring as a run makes it and a pair of
/// sockets that live as long as the function. Throws SetupError where there is no ring.
std::function<Answer(Feature)> begin_questions();

}  // namespace ub::uring
