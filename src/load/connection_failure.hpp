#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>

#include "uringbench/net/message_set.hpp"

/// What can go wrong on a connection: how it is found, kept and said.
namespace ub::load {

/// A place in one connection's stream, and what was wrong there. Everything counts from 0.
struct Mismatch {
  std::uint64_t offset = 0;   ///< of the byte in the stream
  std::uint64_t message = 0;  ///< of the stream, not of the set
  std::uint64_t byte = 0;     ///< within the message
  std::uint8_t expected = 0;
  std::uint8_t got = 0;

  friend bool operator==(const Mismatch&, const Mismatch&) = default;
};

/// Compares one connection's stream with the message set sent over and over. The set is shared,
/// outlives the verifier and is Layout::contiguous. Does not allocate.
class StreamVerifier {
 public:
  /// `first`: message that the stream begins with.
  explicit StreamVerifier(const net::MessageSet& messages, std::uint32_t first = 0)
      : messages_(&messages), offset_(first * messages.size_bytes()) {}

  /// Takes the next bytes of the stream; the first that differs, or nullopt. No further use after
  /// one.
  [[nodiscard]] std::optional<Mismatch> take(std::span<const std::byte> bytes);

  /// Where the stream ends inside a message; nullopt when it ends between two.
  [[nodiscard]] std::optional<Mismatch> end() const;

 private:
  [[nodiscard]] Mismatch locate(std::uint64_t offset) const;

  const net::MessageSet* messages_;
  std::uint64_t offset_;  ///< of the next byte in the stream
};

/// How one connection failed; plain data, because it is recorded inside the measured window.
struct Failure {
  enum class Kind { connect, receive, send, wrong_byte, cut_short, not_asked, closed_early };

  Kind kind = Kind::receive;
  std::uint32_t client = 0;
  int error = 0;  ///< connect, receive, send: errno
  /// wrong_byte; cut_short: where the stream ended; not_asked: where it went on.
  Mismatch mismatch = {};
  std::uint64_t unanswered = 0;  ///< closed_early: requests in flight
};

/// "client 3: byte 4097 of the stream (byte 1 of message 64) is 0x40, not 0x3f".
std::string describe(const Failure& failure);

/// Keeps the first failure that any thread reports. Neither side locks or allocates.
class FirstFailure {
 public:
  void report(const Failure& failure) {
    State expected = State::none;
    if (!state_.compare_exchange_strong(expected, State::writing, std::memory_order_relaxed))
      return;
    failure_ = failure;
    state_.store(State::written, std::memory_order_release);
  }

  /// nullptr while there is none.
  [[nodiscard]] const Failure* get() const {
    return state_.load(std::memory_order_acquire) == State::written ? &failure_ : nullptr;
  }

 private:
  enum class State { none, writing, written };

  std::atomic<State> state_ = State::none;
  Failure failure_;
};

}  // namespace ub::load
