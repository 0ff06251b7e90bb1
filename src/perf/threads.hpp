#pragma once

#include <sys/types.h>

#include <vector>

namespace ub::perf {

/// The threads of this process now (/proc/self/task), io_uring's helpers included. Throws
/// SetupError when /proc is not there.
std::vector<pid_t> threads_of_this_process();

}  // namespace ub::perf
