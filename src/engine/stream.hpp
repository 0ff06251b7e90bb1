#pragma once

#include <cstdint>

#include "held_window.hpp"
#include "send_clock.hpp"
#include "uringbench/engine/engine.hpp"
#include "uringbench/model/counts.hpp"
#include "uringbench/net/message_set.hpp"
#include "uringbench/path/registry.hpp"
#include "uringbench/path/send_path.hpp"

namespace ub::engine {

/// Everything one thread of an engine counts. Only that thread changes it; any may read() it.
class ServerTally : public Tally<ServerCounts> {
 public:
  void count_copy(path::CopyReport report) {
    if (report == path::CopyReport::real) zero_copy.real.add();
    if (report == path::CopyReport::copied) zero_copy.copied.add();
  }

  /// One more, or one less, buffer is in the kernel's hands.
  void hold(std::uint64_t bytes) {
    held_bytes_ += bytes;
    held.peak.raise_to(++held_);
    held.peak_bytes.raise_to(held_bytes_);
  }
  void release(std::uint64_t bytes) {
    --held_;
    held_bytes_ -= bytes;
  }

 private:
  std::uint64_t held_ = 0;
  std::uint64_t held_bytes_ = 0;
};

/// How many operations a connection may begin. A stream has no end of them; a server of requests
/// owes one response for each whole request that has come; one that only receives owes none.
class Credit {
 public:
  explicit Credit(const Case& the_case)
      : endless_(!receives(the_case.workload)),
        request_bytes_(has_requests(the_case.workload) ? the_case.request_size_bytes : 0) {}

  [[nodiscard]] bool any() const { return endless_ || owed_ > 0; }

  /// Bytes of requests have come; they need not end where a request does.
  void earn(std::uint64_t bytes) {
    if (request_bytes_ == 0) return;
    partial_bytes_ += bytes;
    if (partial_bytes_ < request_bytes_) return;
    owed_ += partial_bytes_ / request_bytes_;
    partial_bytes_ %= request_bytes_;
  }

  /// One operation begins. Needs any().
  void spend() {
    if (!endless_) --owed_;
  }

  /// What has come of the next request does not make a whole one.
  [[nodiscard]] bool in_mid_request() const { return partial_bytes_ > 0; }

 private:
  bool endless_;
  std::uint64_t request_bytes_;
  std::uint64_t partial_bytes_ = 0;
  std::uint64_t owed_ = 0;
};

/// What to do next on a connection after an attempt to send.
enum class Next {
  operation,  ///< the operation is accepted in full: begin another
  rest,       ///< continue it at once
  wait,       ///< the attempt is still in flight
  writable,   ///< continue it when the socket has room
  release,    ///< continue it when a buffer comes back
  failed,     ///< the connection is of no more use
};

/// What to do next on a connection after an attempt to receive.
enum class Arrival {
  some,     ///< look again
  nothing,  ///< look again when the socket is readable
  ended,    ///< the client has ended its stream; no more will come
  failed,   ///< the connection is of no more use
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
  /// `first`: message that it begins with.
  Stream(const net::MessageSet& messages, const EngineSetup& setup, ServerTally& tally,
         SendClock& clock, std::uint32_t first = 0);

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

  /// Nothing will come any more, or no more than one request is answered; and what came is.
  [[nodiscard]] bool answered_all() const {
    return (peer_ended_ && !credit_.any()) || (one_request_ && answered_any());
  }

  /// At least one operation has begun.
  [[nodiscard]] bool answered_any() const { return payload_.operation != kNone; }

  /// Something is still to be received.
  [[nodiscard]] bool wants_more() const {
    return !peer_ended_ && !(one_request_ && (credit_.any() || answered_any()));
  }

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
  static constexpr std::uint32_t kNone = ~std::uint32_t{0};

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
  bool one_request_;
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
