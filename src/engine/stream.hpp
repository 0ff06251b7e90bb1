#pragma once

#include <cstdint>

#include "credit.hpp"
#include "held_window.hpp"
#include "send_clock.hpp"
#include "tally.hpp"
#include "uringbench/engine/engine.hpp"
#include "uringbench/net/message_set.hpp"
#include "uringbench/path/payload.hpp"
#include "uringbench/path/registry.hpp"

namespace ub::engine {

/// What to do next on a connection after an attempt to send.
enum class Next {
  operation,  ///< the operation is accepted in full: begin another
  rest,       ///< continue it at once
  wait,       ///< the attempt is still in flight
  writable,   ///< continue it when the socket has room
  release,    ///< continue it when a buffer comes back
  give_up,    ///< the connection has failed
};

/// What to do next on a connection after an attempt to receive.
enum class Arrival {
  some,     ///< look again
  nothing,  ///< look again when the socket is readable
  ended,    ///< the client has ended its stream; no more will come
  give_up,  ///< the connection has failed
};

/// Shows what arrives to the watcher of a test, and to nobody when measuring.
class ArrivalSink final : public receive::ByteSink {
 public:
  ArrivalSink(ArrivalWatcher* watcher, std::uint32_t connection)
      : watcher_(watcher), connection_(connection) {}

  void take(std::span<const std::byte> bytes) override {
    if (watcher_ != nullptr) watcher_->arrived(connection_, bytes);
  }

 private:
  ArrivalWatcher* watcher_;
  std::uint32_t connection_;
};

/// The state of one connection's stream of messages: which operation is being sent, how far it got,
/// which operations wait for their buffers, and how many responses are owed. All counting happens
/// here, for every engine alike.
class Stream {
 public:
  Stream(const net::MessageSet& messages, const EngineSetup& setup, ServerTally& tally,
         SendClock& clock);

  /// An operation is begun and not yet accepted in full.
  [[nodiscard]] bool in_operation() const { return in_operation_; }

  /// A new operation may begin: its messages are not held by an earlier one of this connection.
  [[nodiscard]] bool has_room() const { return window_.has_room(); }

  /// Some buffer is still the kernel's.
  [[nodiscard]] bool holds_buffers() const { return window_.attempts_held() > 0; }

  /// Attempts whose buffer is still the kernel's.
  [[nodiscard]] std::uint32_t attempts_held() const { return window_.attempts_held(); }

  /// There is something to send.
  [[nodiscard]] bool has_credit() const { return credit_.any(); }

  /// Nothing will come any more, and all that came is answered.
  [[nodiscard]] bool answered_all() const { return peer_ended_ && !credit_.any(); }

  /// Begins the next operation; needs room and credit.
  void begin();

  /// What is left of the operation.
  [[nodiscard]] const path::Payload& payload() const { return payload_; }

  /// Books what an attempt came to.
  Next account(const path::SendProgress& progress);

  /// Books what an attempt to receive came to.
  Arrival take_in(const receive::ReceiveProgress& progress);

  /// Books buffers that came back and empties the list. False when one was not held.
  bool account(path::Releases& releases);

 private:
  void take_bytes(const path::SendProgress& progress);
  Next finish_attempt();
  Next starve(int error);
  void give_back(std::uint32_t operations);

  ServerTally* tally_;
  BufferWatcher* watcher_;
  std::uint32_t batch_;
  std::uint32_t oldest_first_ = 0;  ///< first message of the oldest operation in the window
  bool in_operation_ = false;
  path::Payload payload_;
  HeldWindow window_;
  Credit credit_;
  bool peer_ended_ = false;
  std::uint32_t oldest_operation_ = 0;  ///< in the window
  OperationTimer timer_;
};

/// A list that does not allocate while measuring: one reading of an error queue seldom gives more.
inline path::Releases reserved_releases() {
  path::Releases releases;
  releases.reserve(4096);
  return releases;
}

}  // namespace ub::engine
