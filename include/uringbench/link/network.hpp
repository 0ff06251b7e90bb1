#pragma once

#include <string>

namespace ub::link {

/// Takes this process into a network namespace of its own, which has nothing but a loopback device
/// that is down. It needs no name and no clean-up: it lives as long as a process or socket is in
/// it, so that nothing is left behind even after kill -9 (network_namespaces(7)).
///
/// With CAP_SYS_ADMIN a network namespace alone; otherwise a user namespace around it, in which the
/// process keeps its user id and has every capability over its own network only. The process must
/// have a single thread (unshare(2)). Throws SetupError, naming what forbids it.
void enter_private_network();

/// Takes this process into the network (and the user) namespace of process `id`, which the same
/// user must have made. Single thread. Throws SetupError.
void join_network_of(int id);

/// Why this user cannot have a private network here; empty when it can. Found out by a process that
/// tries and ends.
std::string why_no_private_network();

}  // namespace ub::link
