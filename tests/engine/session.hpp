#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <thread>
#include <utility>

#include "uringbench/base/clock.hpp"
#include "uringbench/engine/engine.hpp"
#include "uringbench/load/crew.hpp"
#include "uringbench/net/socket.hpp"

namespace ub::engine {

/// Every wait of these tests ends: a fault shows as a failure, not as a hang.
inline std::uint64_t soon() {
  return now_ns() + 60'000'000'000;
}

/// Looks again and again until `condition` holds; false when it does not hold soon. The pause only
/// leaves the CPU to those who are waited for.
template <typename Condition>
bool eventually(Condition condition) {
  for (const std::uint64_t deadline = soon(); now_ns() < deadline;) {
    if (condition()) return true;
    std::this_thread::sleep_for(std::chrono::microseconds(200));
  }
  return condition();
}

/// An engine that listens on loopback.
class Server {
 public:
  explicit Server(const Case& the_case, BufferWatcher* watcher = nullptr,
                  ArrivalWatcher* arrivals = nullptr);

  Engine* operator->() { return engine_.get(); }
  [[nodiscard]] const net::Endpoint& endpoint() const { return endpoint_; }

  bool accepted(std::uint32_t clients);
  /// The kernel has accepted `bytes` in all, or something failed.
  bool sent(std::uint64_t bytes);

 private:
  net::Endpoint endpoint_;
  std::unique_ptr<Engine> engine_;
};

/// What both ends have counted when all is over.
struct Books {
  EngineCounts engine;
  load::Counts receiver;
};

/// The server of a case and its verifying receivers.
class Session {
 public:
  explicit Session(const Case& the_case, BufferWatcher* watcher = nullptr)
      : Session(the_case, the_case.clients, watcher) {}
  /// Only `receivers` of the case's clients are connected; the test is the others.
  Session(const Case& the_case, std::uint32_t receivers, BufferWatcher* watcher = nullptr);

  Server& server() { return server_; }
  load::Crew& receiver() { return receiver_; }

  /// Starts to send, and to read, once all have been accepted.
  void go();
  /// The two halves of go(): the receivers may begin later than the server.
  void send();
  void read() { receiver_.start(); }
  /// Ends the stream and waits until the receivers have seen its end.
  Books finish();

 private:
  std::uint32_t clients_;
  Server server_;
  load::Crew receiver_;
};

/// Sends at least `bytes` in all, ends, and returns the books.
Books run(const Case& the_case, std::uint64_t bytes, BufferWatcher* watcher = nullptr);

/// Expects that every byte sent has arrived, that each was right, and that all that was begun was
/// ended.
void expect_balanced(const Case& the_case, const Books& books);

}  // namespace ub::engine
