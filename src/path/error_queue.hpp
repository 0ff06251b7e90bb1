#pragma once

#include "uringbench/path/syscall_path.hpp"
#include "zerocopy_ids.hpp"

namespace ub::path {

/// Switches SO_ZEROCOPY on. Without it MSG_ZEROCOPY is ignored without a word (socket(7)). Throws
/// SetupError.
void enable_zerocopy(int fd);

/// Reads every notification that is on the error queue of `fd` and appends the releases.
Reaped read_error_queue(int fd, ZerocopyIds& ids, Releases& releases);

}  // namespace ub::path
