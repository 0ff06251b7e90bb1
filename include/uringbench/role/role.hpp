#pragma once

#include <string>

namespace ub::role {

struct RoleSetup {
  std::string name;      ///< "server" or "client"
  int channel_fd = -1;   ///< to whoever asks
  int parent = -1;       ///< the process that started it, with which it dies
  int lifeline_fd = -1;  ///< of an agent's role: a pipe that stays silent only if the agent does
};

/// The life of a server or load-generator process: speaks the control protocol until the runner is
/// done with it or gone. Returns the exit status.
int run_role(const RoleSetup& setup);

}  // namespace ub::role
