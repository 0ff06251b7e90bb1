#pragma once

#include <memory>

#include "stream.hpp"
#include "uringbench/base/unique_fd.hpp"
#include "uringbench/engine/engine.hpp"
#include "uringbench/uring/ring.hpp"

namespace ub::engine {

/// One connection of the reactor: its socket, its stream, and the requests it has on the ring.
/// Memory of a connection is in use while `requests` is not 0.
class UringConnection {
 public:
  enum class State { idle, sending, awaits_release, draining, failed, closed };

  struct Shared {
    const EngineSetup& setup;
    const net::MessageSet& messages;
    uring::Ring& ring;
    receive::RingShared* receive;  ///< null where the receive path has none
    ServerTally& tally;
    SendClock& clock;
  };

  /// Throws SetupError.
  UringConnection(const Shared& shared, UniqueFd fd, std::uint32_t its_number);

  /// Enters the socket into the ring's table, where it has one; a positive errno when that fails.
  [[nodiscard]] int enter_table();
  void leave_table();

  /// Each gives requests to the ring.
  void submit_receive();
  void submit_watch();
  void submit_send();
  void submit_cancel();

  /// A completion of one of them has come.
  void completed(const uring::Completion& completion) {
    if (!completion.more()) --requests;
  }

  [[nodiscard]] bool waits_for_buffers() const {
    return state == State::awaits_release || state == State::draining;
  }

  std::uint32_t number;
  UniqueFd socket;
  std::unique_ptr<path::RingPath> path;
  std::unique_ptr<receive::RingReceive> receive_path;  ///< null where the server only sends
  ArrivalSink sink;
  Stream stream;
  State state = State::idle;
  std::uint32_t requests = 0;  ///< given to the kernel, whose last completion has not come

 private:
  [[nodiscard]] int target() const { return file_ >= 0 ? file_ : socket.get(); }
  [[nodiscard]] std::uint8_t entry_flags() const;

  uring::Ring* ring_;
  int file_;  ///< index in the ring's table; -1: not registered
  bool poll_first_;
};

}  // namespace ub::engine
