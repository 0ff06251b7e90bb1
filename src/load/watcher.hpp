#pragma once

#include <sys/epoll.h>

#include <array>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <span>

#include "generator.hpp"
#include "uringbench/base/unique_fd.hpp"

namespace ub::load {

/// The epoll instance of one thread. Level-triggered for connections, which stay where they are.
class Watcher {
 public:
  static constexpr std::uint64_t kForever = std::numeric_limits<std::uint64_t>::max();

  /// Throws SetupError, as do the two below.
  Watcher();
  /// `events` is EPOLLIN, EPOLLOUT or both.
  void add(Connection& connection, std::uint32_t events);
  /// The same, edge-triggered, for a socket that is new in mid-run: 0 or a positive errno. Closing
  /// it is enough to be told no more (epoll(7)).
  [[nodiscard]] int watch_edges(Connection& connection, std::uint32_t events);
  /// From then on a write to the eventfd `wake` ends one wait().
  void add_wake(int wake);
  /// Throws on a kernel without epoll_pwait2(2) (Linux 5.11), which finite timeouts need: the
  /// milliseconds of epoll_wait(2) are too coarse to send on time.
  void require_exact_timeouts();

  /// What is ready, within `timeout_ns`; perhaps nothing. Valid until the next call.
  std::span<const epoll_event> wait(std::uint64_t timeout_ns = kForever);

  void set_interest(Connection& connection, std::uint32_t events);
  void forget(const Connection& connection);

  /// What was added, of the type that was added; nullptr is the wake-up.
  template <typename Type = Connection>
  static Type* connection_of(const epoll_event& event) {
    return static_cast<Type*>(static_cast<Connection*>(event.data.ptr));
  }

 private:
  [[nodiscard]] int try_add(int fd, std::uint32_t events, Connection* connection);
  void add(int fd, std::uint32_t events, Connection* connection);

  UniqueFd epoll_;
  /// As many as epoll_wait(2) may hand over at once: enough to make its cost vanish, few enough (3
  /// KiB) to stay in the first-level cache.
  std::array<epoll_event, 256> events_{};
};

}  // namespace ub::load
