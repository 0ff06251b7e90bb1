#pragma once

#include <sys/socket.h>

<<<<<<< HEAD
#include <cstddef>
#include <cstdint>
#include <functional>
=======
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <future>
>>>>>>> load
#include <span>
#include <thread>
#include <vector>

#include "uringbench/base/clock.hpp"
#include "uringbench/base/unique_fd.hpp"
#include "uringbench/model/case.hpp"
#include "uringbench/net/message_set.hpp"
#include "uringbench/net/socket.hpp"

namespace ub::load {

/// Every wait of these tests ends: a fault shows as a failure, not as a hang.
inline std::uint64_t soon() {
  return now_ns() + 30'000'000'000;
}

/// A case with messages of an odd size, 7 of them in the set, that are verified.
inline Case small_case(std::uint32_t clients = 1) {
  Case c;
  c.size_bytes = 1001;
  c.working_set_bytes = 7 * c.size_bytes;
  c.clients = clients;
  c.verify = Switch::on;
  return c;
}

/// The first `count` messages of a stream.
inline std::vector<std::byte> stream_of(const Case& the_case, std::uint32_t count) {
  const net::MessageSet set(net::shape_of(the_case), net::Layout::contiguous);
  std::vector<std::byte> stream;
  for (std::uint32_t i = 0; i < count; ++i) {
    const std::byte* message = set.at(i % set.count());
    stream.insert(stream.end(), message, message + set.size_bytes());
  }
  return stream;
}

/// Sends all of `bytes`; false when the peer is gone.
inline bool send_all(int fd, std::span<const std::byte> bytes) {
  while (!bytes.empty()) {
    const ssize_t sent = ::send(fd, bytes.data(), bytes.size(), MSG_NOSIGNAL);
    if (sent < 0) return false;
    bytes = bytes.subspan(static_cast<std::size_t>(sent));
  }
  return true;
}

/// Accepts `clients` connections in a thread and hands them, in the order of the clients, to
/// `serve`. They are closed when it returns.
class TestServer {
 public:
  using Sockets = std::vector<UniqueFd>;

  TestServer(std::uint32_t clients, std::function<void(Sockets&)> serve)
      : listener_(net::listen_on({"127.0.0.1", 0}, {}, clients)),
        thread_([this, clients, serve = std::move(serve)] {
          Sockets sockets;
          while (sockets.size() < clients) {
            UniqueFd accepted(::accept4(listener_.fd.get(), nullptr, nullptr, SOCK_CLOEXEC));
            if (!accepted) return;  // the listener was shut down
            sockets.push_back(std::move(accepted));
          }
          serve(sockets);
<<<<<<< HEAD
=======
          served_.set_value();
>>>>>>> load
        }) {}
  ~TestServer() { ::shutdown(listener_.fd.get(), SHUT_RDWR); }
  TestServer(const TestServer&) = delete;
  TestServer& operator=(const TestServer&) = delete;

  [[nodiscard]] const net::Endpoint& endpoint() const { return listener_.endpoint; }
<<<<<<< HEAD
  void join() { thread_.join(); }

 private:
  net::Listener listener_;
=======

  /// Whether `serve` has returned or does so before soon().
  [[nodiscard]] bool finishes() {
    return served_.get_future().wait_for(std::chrono::seconds(30)) == std::future_status::ready;
  }

 private:
  net::Listener listener_;
  std::promise<void> served_;
>>>>>>> load
  std::jthread thread_;
};

}  // namespace ub::load
