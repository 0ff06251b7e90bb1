#include "receive_loop.hpp"

#include <sys/epoll.h>

#include <array>
#include <cerrno>
#include <cstdint>

#include "uringbench/base/check.hpp"
#include "uringbench/base/error.hpp"
#include "uringbench/net/socket.hpp"

namespace ub::load {
namespace {

/// As many as epoll_wait(2) may hand over at once: enough to make its cost vanish, few enough (3
/// KiB) to stay in the first-level cache.
constexpr std::size_t kBatch = 256;

std::size_t wait_ready(int epoll, std::array<epoll_event, kBatch>& events) {
  while (true) {
    const SysResult ready =
        from_errno(::epoll_wait(epoll, events.data(), static_cast<int>(events.size()), -1));
    if (ready.ok()) return static_cast<std::size_t>(ready.value);
    check(ready.error == EINTR, "epoll_wait(2) fails only by signals");
  }
}

void forget(int epoll, int fd) {
  check(::epoll_ctl(epoll, EPOLL_CTL_DEL, fd, nullptr) == 0, "an ended connection was watched");
}

}  // namespace

void receive_blocking(const Lane& lane) {
  check(lane.connections.size() == 1, "a blocking lane has one connection");
  while (receive_once(lane.connections.front(), lane) == Step::goes_on) {
  }
}

UniqueFd watch_connections(const Lane& lane) {
  UniqueFd epoll(::epoll_create1(EPOLL_CLOEXEC));
  if (!epoll) throw_setup_error("creating an epoll instance", errno);
  for (std::size_t index = 0; index < lane.connections.size(); ++index) {
    const int fd = lane.connections[index].fd;
    net::set_blocking(fd, net::Blocking::no);
    epoll_event event{};
    event.events = EPOLLIN;
    event.data.u64 = index;
    if (::epoll_ctl(epoll.get(), EPOLL_CTL_ADD, fd, &event) != 0) {
      throw_setup_error("watching a client's socket", errno,
                        "fs.epoll.max_user_watches bounds the watches of a user");
    }
  }
  return epoll;
}

void receive_with_epoll(const Lane& lane, int epoll) {
  std::array<epoll_event, kBatch> events;
  std::size_t open = lane.connections.size();
  while (open > 0) {
    const std::size_t ready = wait_ready(epoll, events);
    for (std::size_t i = 0; i < ready; ++i) {
      Connection& connection = lane.connections[events[i].data.u64];
      if (receive_once(connection, lane) == Step::goes_on) continue;
      forget(epoll, connection.fd);
      --open;
    }
  }
}

}  // namespace ub::load
