#pragma once

#include <string_view>

namespace ub::role {

/// The life of a server or load-generator process: speaks the control protocol on descriptor
/// `channel_fd` until the runner is done with it or gone. `name` is "server" or "client". It dies
/// with `parent`, the process that started it. Returns the exit status.
int run_role(std::string_view name, int channel_fd, int parent);

}  // namespace ub::role
