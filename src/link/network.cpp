#include "uringbench/link/network.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sched.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <fstream>

#include "uringbench/base/error.hpp"
#include "uringbench/base/permissions.hpp"
#include "uringbench/base/unique_fd.hpp"

namespace ub::link {
namespace {

constexpr const char* kUsersMend =
    "run as root, or let users have namespaces: `sysctl -w user.max_user_namespaces=10000`, on "
    "Debian kernel.unprivileged_userns_clone=1, on Ubuntu "
    "kernel.apparmor_restrict_unprivileged_userns=0; in a container, its seccomp profile";

/// The flags for the capabilities that this process lacks: a namespace takes SYS_ADMIN, the
/// devices in it NET_ADMIN. Empty where it has both, or /proc does not say.
std::string missing_capabilities() {
  std::string flags;
  if (!has_capability(Capability::sys_admin).value_or(true)) flags += " --cap-add SYS_ADMIN";
  if (!has_capability(Capability::net_admin).value_or(true)) flags += " --cap-add NET_ADMIN";
  return flags;
}

/// Root is refused by what takes rights from root, or by a limit of everybody's.
std::string mend(int error) {
  if (::geteuid() != 0) return kUsersMend;
  if (error == ENOSPC) return "raise `sysctl user.max_net_namespaces` and user.max_user_namespaces";
  const std::string flags = missing_capabilities();
  if (!flags.empty()) return fmt::format("in a container,{}", flags);
  return under_seccomp_filter().value_or(true)
             ? "in a container, its seccomp profile forbids unshare(2)"
             : "a security module forbids unshare(2)";
}

/// Inside, the user is who it was outside (user_namespaces(7)): files stay its own.
void keep_ids(uid_t user, gid_t group) {
  std::ofstream("/proc/self/setgroups") << "deny";
  std::ofstream("/proc/self/uid_map") << fmt::format("{0} {0} 1", user);
  std::ofstream("/proc/self/gid_map") << fmt::format("{0} {0} 1", group);
}

/// 0 or errno. Without CAP_NET_ADMIN a namespace alone is of no use: no device may be made in it.
/// Inside a user namespace of its own the process has every capability.
int try_private_network() {
  if (has_capability(Capability::net_admin).value_or(true)) {
    if (::unshare(CLONE_NEWNET) == 0) return 0;
    if (errno != EPERM) return errno;
  }
  const uid_t user = ::geteuid();
  const gid_t group = ::getegid();
  if (::unshare(CLONE_NEWUSER | CLONE_NEWNET) != 0) return errno;
  keep_ids(user, group);
  return 0;
}

UniqueFd open_namespace(int id, const char* kind) {
  const std::string file = fmt::format("/proc/{}/ns/{}", id, kind);
  UniqueFd fd(::open(file.c_str(), O_RDONLY | O_CLOEXEC));
  if (!fd) throw_setup_error(fmt::format("opening {}", file), errno);
  return fd;
}

/// "net:[4026531840]"; empty when it cannot be read.
std::string namespace_name(const std::string& process, const char* kind) {
  std::array<char, 64> name{};
  const std::string link = fmt::format("/proc/{}/ns/{}", process, kind);
  const auto length = ::readlink(link.c_str(), name.data(), name.size());
  return length > 0 ? std::string(name.data(), static_cast<std::size_t>(length)) : std::string();
}

bool same_namespace(int id, const char* kind) {
  const std::string own = namespace_name("self", kind);
  return !own.empty() && own == namespace_name(fmt::format("{}", id), kind);
}

}  // namespace

void enter_private_network() {
  const int error = try_private_network();
  if (error != 0) throw_setup_error("making a private network namespace", error, mend(error));
}

void join_network_of(int id) {
  // The order matters: what the user namespace grants opens the way into the network.
  for (const char* kind : {"user", "net"}) {
    if (same_namespace(id, kind)) continue;
    const UniqueFd fd = open_namespace(id, kind);
    if (::setns(fd.get(), 0) != 0) {
      throw_setup_error(fmt::format("joining the {} namespace of process {}", kind, id), errno);
    }
  }
}

std::string why_no_private_network() {
  const pid_t child = ::fork();
  if (child == 0) ::_exit(try_private_network());
  int status = 0;
  if (child < 0 || ::waitpid(child, &status, 0) != child) return "no process to try it with";
  const int error = WIFEXITED(status) ? WEXITSTATUS(status) : EINTR;
  if (error == 0) return "";
  return fmt::format("a private network namespace is refused: {}; {}", describe_errno(error),
                     mend(error));
}

}  // namespace ub::link
