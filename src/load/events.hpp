#pragma once

#include <cstdint>

#include "uringbench/base/unique_fd.hpp"
#include "uringbench/load/ending.hpp"

namespace ub::load {

/// A non-blocking eventfd. Throws SetupError.
UniqueFd make_event();

/// What a wait for the end watches.
struct EndingEvents {
  int all_finished = -1;
  int aborted = -1;
  int interrupt = -1;  ///< -1: none
};

/// Waits until one of them is readable or `deadline_ns` of now_ns() has passed. An abort goes
/// before an end.
Ending wait_for_ending(const EndingEvents& events, std::uint64_t deadline_ns);

}  // namespace ub::load
