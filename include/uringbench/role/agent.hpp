#pragma once

namespace ub::role {

/// The life of an agent: the one process of a host through which a runner elsewhere starts roles,
/// one at a time, over standard input and output (protocol/agent.hpp). It ends, and its role with
/// it, when its input ends or stays silent. Returns the exit status.
int run_agent();

}  // namespace ub::role
