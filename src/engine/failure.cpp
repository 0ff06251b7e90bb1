#include "failure.hpp"

#include <fmt/format.h>

#include <cerrno>
#include <fstream>

#include "uringbench/base/error.hpp"
#include "uringbench/base/units.hpp"
#include "uringbench/net/limits.hpp"
#include "uringbench/uring/refusal.hpp"

namespace ub::engine {
namespace {

std::string option_memory_limit() {
  std::ifstream file("/proc/sys/net/core/optmem_max");
  std::string value;
  return file >> value ? value : "unknown";
}

std::string limit_behind(int error) {
  if (error != ENOBUFS && error != ENOMEM) return {};
  return fmt::format(
      ": a zero-copy send is charged to locked memory (limit {} a user, `ulimit -l`) and to the "
      "socket's option memory (limit {} bytes, `sysctl net.core.optmem_max`); raise the one that "
      "is exhausted",
      format_size(net::memlock_limit_bytes()), option_memory_limit());
}

}  // namespace

std::string describe_send_failure(std::uint32_t connection, int error) {
  return fmt::format("client {}: send failed: {}{}", connection, describe_errno(error),
                     limit_behind(error));
}

std::string describe_receive_failure(std::uint32_t connection, int error) {
  if (error == 0) {
    return fmt::format("client {}: its stream ended in the middle of a request", connection);
  }
  return fmt::format("client {}: receive failed: {}", connection, describe_errno(error));
}

std::string describe_accept_failure(int error) {
  const bool descriptors = error == EMFILE || error == ENFILE;
  return fmt::format("accepting a client: {}{}", describe_errno(error),
                     descriptors ? "; raise `ulimit -n`" : "");
}

std::string describe_loop_failure(std::string_view call, int error) {
  if (call.starts_with("io_uring_") && error == EPERM) {
    return fmt::format("the server's loop: {}", uring::explain_refusal(call, error));
  }
  std::string cause;
  if (error == EPERM) cause = "; a seccomp profile or security module forbids it";
  if (error == ENOMEM) cause = "; the machine or the memory cgroup is out of memory";
  if (error == ENOSPC) cause = "; fs.epoll.max_user_watches bounds the watches of a user";
  return fmt::format("the server's loop: {}: {}{}", call, describe_errno(error), cause);
}

std::string describe_stalled(std::uint32_t connections) {
  return fmt::format(
      "{} connection{} did not take the data under way in time: the reader stalled or vanished",
      connections, connections == 1 ? "" : "s");
}

bool concerns_one_client(int accept_error) {
  switch (accept_error) {
    case EAGAIN:
    case EINTR:
    case ECONNABORTED:
    case ENETDOWN:
    case EPROTO:
    case ENOPROTOOPT:
    case EHOSTDOWN:
    case ENONET:
    case EHOSTUNREACH:
    case EOPNOTSUPP:
    case ENETUNREACH:
      return true;
    default:
      return false;
  }
}

}  // namespace ub::engine
