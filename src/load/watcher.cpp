#include "watcher.hpp"

#include <cerrno>
#include <ctime>

#include "uringbench/base/check.hpp"
#include "uringbench/base/error.hpp"

namespace ub::load {
namespace {

SysResult wait_for_events(int epoll, std::span<epoll_event> events, std::uint64_t timeout_ns) {
  const int most = static_cast<int>(events.size());
  if (timeout_ns == Watcher::kForever) {
    return from_errno(::epoll_wait(epoll, events.data(), most, -1));
  }
  constexpr std::uint64_t kNs = 1'000'000'000;
  const timespec timeout{static_cast<time_t>(timeout_ns / kNs),
                         static_cast<long>(timeout_ns % kNs)};
  return from_errno(::epoll_pwait2(epoll, events.data(), most, &timeout, nullptr));
}

}  // namespace

Watcher::Watcher() : epoll_(::epoll_create1(EPOLL_CLOEXEC)) {
  if (!epoll_) throw_setup_error("creating an epoll instance", errno);
}

void Watcher::add(Connection& connection, std::uint32_t events) {
  add(connection.fd, events, &connection);
}

/// Edge-triggered: the event is never read, as every thread has to see it.
void Watcher::add_wake(int wake) {
  add(wake, EPOLLIN | EPOLLET, nullptr);
}

void Watcher::require_exact_timeouts() {
  const SysResult trial = wait_for_events(epoll_.get(), events_, 0);
  if (!trial.ok()) {
    throw_setup_error("trying epoll_pwait2(2)", trial.error, "it needs Linux 5.11");
  }
}

int Watcher::watch_edges(Connection& connection, std::uint32_t events) {
  return try_add(connection.fd, events | EPOLLET, &connection);
}

int Watcher::try_add(int fd, std::uint32_t events, Connection* connection) {
  epoll_event event{};
  event.events = events;
  event.data.ptr = connection;
  return ::epoll_ctl(epoll_.get(), EPOLL_CTL_ADD, fd, &event) == 0 ? 0 : errno;
}

void Watcher::add(int fd, std::uint32_t events, Connection* connection) {
  if (const int error = try_add(fd, events, connection); error != 0) {
    throw_setup_error("watching a client's socket", error,
                      "fs.epoll.max_user_watches bounds the watches of a user");
  }
}

std::span<const epoll_event> Watcher::wait(std::uint64_t timeout_ns) {
  const SysResult ready = wait_for_events(epoll_.get(), events_, timeout_ns);
  check(ready.ok() || ready.error == EINTR, "waiting for events fails only by signals");
  return std::span(events_).first(static_cast<std::size_t>(ready.value));
}

void Watcher::set_interest(Connection& connection, std::uint32_t events) {
  epoll_event event{};
  event.events = events;
  event.data.ptr = &connection;
  check(::epoll_ctl(epoll_.get(), EPOLL_CTL_MOD, connection.fd, &event) == 0,
        "a connection is watched until it ends");
}

void Watcher::forget(const Connection& connection) {
  check(::epoll_ctl(epoll_.get(), EPOLL_CTL_DEL, connection.fd, nullptr) == 0,
        "an ended connection was watched");
}

}  // namespace ub::load
