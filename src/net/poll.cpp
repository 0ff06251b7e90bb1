#include "uringbench/net/poll.hpp"

#include <cerrno>

#include "uringbench/base/clock.hpp"

namespace ub::net {

SysResult poll_until(std::span<pollfd> fds, std::uint64_t deadline_ns) {
  constexpr std::uint64_t kNs = 1'000'000'000;
  while (true) {
    const std::uint64_t now = now_ns();
    const std::uint64_t left = deadline_ns > now ? deadline_ns - now : 0;
    const timespec timeout{static_cast<time_t>(left / kNs), static_cast<long>(left % kNs)};
    const SysResult result = from_errno(::ppoll(fds.data(), fds.size(), &timeout, nullptr));
    if (result.error != EINTR) return result;
  }
}

}  // namespace ub::net
