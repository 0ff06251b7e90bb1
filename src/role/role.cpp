#include "uringbench/role/role.hpp"

#include <fmt/format.h>
#include <sys/prctl.h>
#include <unistd.h>

#include <csignal>
#include <cstdio>

#include "client_role.hpp"
#include "server_role.hpp"

namespace ub::role {
namespace {

/// A role lives and dies with the runner: a Ctrl-C of the terminal reaches the whole group, but it
/// is the runner that decides.
bool tie_to(int parent) {
  ::signal(SIGINT, SIG_IGN);
  ::signal(SIGPIPE, SIG_IGN);  // sendfile(2), splice(2) and OP_WRITE_FIXED have no MSG_NOSIGNAL
  ::prctl(PR_SET_PDEATHSIG, SIGKILL);
  return ::getppid() == parent;  // it may have died before the line above
}

}  // namespace

int run_role(std::string_view name, int channel_fd, int parent) {
  if (!tie_to(parent)) return 1;
  net::Channel channel{UniqueFd(channel_fd)};
  if (name == "server") {
    ServerRole role;
    return RoleHost(role, channel).serve();
  }
  if (name == "client") {
    ClientRole role;
    return RoleHost(role, channel).serve();
  }
  fmt::print(stderr, "uringbench: role: '{}' is neither server nor client\n", name);
  return 2;
}

}  // namespace ub::role
