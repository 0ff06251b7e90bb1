#include "uringbench/net/limits.hpp"

#include <fmt/format.h>
#include <sys/resource.h>

#include <algorithm>
#include <cerrno>
#include <filesystem>

#include "uringbench/base/directory.hpp"
#include "uringbench/base/error.hpp"

namespace ub::net {
namespace {

rlimit limit_of(decltype(RLIMIT_NOFILE) resource, std::string_view name) {
  rlimit limit{};
  if (::getrlimit(resource, &limit) != 0) {
    throw_setup_error(fmt::format("reading {}", name), errno);
  }
  return limit;
}

/// Without /proc: what a small program has open, with room to spare.
constexpr std::uint64_t kGuessedOpen = 64;

std::uint64_t open_file_descriptors() {
  const DirectoryNames all = names_in_directory("/proc/self/fd");
  return all.whole() ? all.names.size() : kGuessedOpen;
}

}  // namespace

void require_file_descriptors(std::uint64_t needed) {
  rlimit limit = limit_of(RLIMIT_NOFILE, "RLIMIT_NOFILE");
  const std::uint64_t total = needed + open_file_descriptors();
  if (total <= limit.rlim_cur) return;
  if (total > limit.rlim_max) {
    throw SetupError(
        fmt::format("{} file descriptors are needed, and RLIMIT_NOFILE allows {}: use "
                    "fewer --clients, or raise it with `ulimit -Hn {}` as root "
                    "(LimitNOFILE={} in a systemd unit)",
                    total, limit.rlim_max, total, total));
  }
  limit.rlim_cur = total;
  if (::setrlimit(RLIMIT_NOFILE, &limit) != 0) {
    throw_setup_error(fmt::format("raising RLIMIT_NOFILE to {}", total), errno);
  }
}

std::uint64_t memlock_limit_bytes() {
  const rlimit limit = limit_of(RLIMIT_MEMLOCK, "RLIMIT_MEMLOCK");
  return limit.rlim_cur == RLIM_INFINITY ? kUnlimited : limit.rlim_cur;
}

}  // namespace ub::net
