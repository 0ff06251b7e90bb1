#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>

#include "first_failure.hpp"
#include "stream_verifier.hpp"

namespace ub::load {

/// What one thread has done so far. One writer, any readers; on cache lines of its own (two: x86
/// prefetches them in pairs), so that threads do not slow each other down by counting.
class alignas(128) Progress {
 public:
  void add_call() { add(calls_, 1); }
  void add_bytes(std::uint64_t count) { add(bytes_, count); }
  void add_ended() { add(ended_, 1); }

  [[nodiscard]] std::uint64_t calls() const { return calls_.load(std::memory_order_relaxed); }
  [[nodiscard]] std::uint64_t bytes() const { return bytes_.load(std::memory_order_relaxed); }
  [[nodiscard]] std::uint64_t ended() const { return ended_.load(std::memory_order_relaxed); }

 private:
  using Counter = std::atomic<std::uint64_t>;

  /// With one writer a load and a store do; a locked add would cost about 20 cycles.
  static void add(Counter& counter, std::uint64_t count) {
    counter.store(counter.load(std::memory_order_relaxed) + count, std::memory_order_relaxed);
  }

  Counter calls_ = 0;
  Counter bytes_ = 0;
  Counter ended_ = 0;
};

struct Connection {
  int fd = -1;  ///< not owned
  std::uint32_t client = 0;
  std::optional<StreamVerifier> verifier;
};

/// All that one receiving thread works with. Owns nothing; everything outlives the thread.
struct Lane {
  std::span<Connection> connections;
  std::span<std::byte> buffer;
  Progress* progress = nullptr;
  FirstFailure* failure = nullptr;
  const std::atomic<bool>* aborting =
      nullptr;  ///< sockets are being shut down: their ends are no failures
};

enum class Step { goes_on, ended };

/// One recv(2) from `connection`, counted and, if wanted, verified. An ended connection is counted
/// too; its socket is shut down or reset, so that the server notices.
Step receive_once(Connection& connection, const Lane& lane);

}  // namespace ub::load
