#pragma once

#include <atomic>
#include <cstdint>
#include <string>

#include "stream_verifier.hpp"

namespace ub::load {

/// How one connection failed; plain data, because it is recorded inside the measured window.
struct Failure {
  enum class Kind { receive, send, wrong_byte, cut_short, not_asked, closed_early };

  Kind kind = Kind::receive;
  std::uint32_t client = 0;
  int error = 0;  ///< receive, send: errno
  Mismatch
      mismatch;  ///< wrong_byte; cut_short: where the stream ended; not_asked: where it went on
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
