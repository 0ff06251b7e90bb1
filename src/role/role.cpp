#include "uringbench/role/role.hpp"

#include <fmt/format.h>
#include <poll.h>
#include <sys/prctl.h>
#include <unistd.h>

#include <array>
#include <csignal>
#include <cstdio>

#include "client_role.hpp"
#include "server_role.hpp"
#include "uringbench/base/thread.hpp"
#include "uringbench/protocol/agent.hpp"

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

/// Ends this process, whatever it does just now, once the agent has written nothing for too long:
/// a stopped agent can end nobody, and its runner may be gone. The agent's death is noticed without
/// this (tie_to()).
void hold_on_to(int lifeline_fd) {
  start_thread("the watch over the agent", [fd = UniqueFd(lifeline_fd)] {
    constexpr int kSilenceMs = static_cast<int>(protocol::kSilenceNs / 1'000'000);
    pollfd alive{fd.get(), POLLIN, 0};
    for (int ready = 1; ready != 0;) {
      ready = ::poll(&alive, 1, kSilenceMs);
      std::array<char, 64> beats{};
      if (ready > 0 && ::read(fd.get(), beats.data(), beats.size()) <= 0) break;
    }
    ::kill(::getpid(), SIGKILL);
  }).detach();
}

}  // namespace

int run_role(const RoleSetup& setup) {
  if (!tie_to(setup.parent)) return 1;
  if (setup.lifeline_fd >= 0) hold_on_to(setup.lifeline_fd);
  net::Channel channel{UniqueFd(setup.channel_fd)};
  if (setup.name == "server") {
    ServerRole role;
    return RoleHost(role, channel).serve();
  }
  if (setup.name == "client") {
    ClientRole role;
    return RoleHost(role, channel).serve();
  }
  fmt::print(stderr, "uringbench: role: '{}' is neither server nor client\n", setup.name);
  return 2;
}

}  // namespace ub::role
