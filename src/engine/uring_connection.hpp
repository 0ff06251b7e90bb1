#pragma once

#include <memory>

#include "core.hpp"
#include "uringbench/base/unique_fd.hpp"
#include "uringbench/engine/engine.hpp"
#include "uringbench/path/send_path.hpp"
#include "uringbench/uring/ring.hpp"

namespace ub::engine {

// Whose a completion is: the upper part of its user_data.

/// Requests of the engine itself use connection numbers that no connection has.
enum Owner : std::uint64_t {
  kAccept = 0xfffffe,
  kWakeup = 0xfffffd,
  kCancel = 0xfffffc,
  kClose = 0xfffffb
};

/// Set in the owner of a receive request, beside its connection's number.
inline constexpr std::uint64_t kReceive = 0x800000;

inline std::uint64_t owner_bits(std::uint64_t owner) {
  return owner << path::Submission::kOwnerShift;
}

inline std::uint64_t owner_of(const uring::Completion& completion) {
  return completion.user_data >> path::Submission::kOwnerShift;
}

inline path::Label label_of(const uring::Completion& completion) {
  return {.tag = static_cast<std::uint8_t>(completion.user_data >> path::Submission::kTagShift),
          .operation = static_cast<std::uint32_t>(completion.user_data)};
}

/// One connection of the reactor: its socket, its stream, and the requests it has on the ring.
/// Memory of a connection is in use while `requests` is not 0.
class UringConnection {
 public:
  using State = ConnectionState;

  struct Shared {
    const EngineSetup& setup;
    const net::MessageSet& messages;
    uring::Ring& ring;
    receive::RingShared* receive;  ///< null where the receive path has none
    ServerTally& tally;
    SendClock& clock;
    std::uint32_t first_message = 0;
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
  /// The socket is the ring's from then on, which closes it.
  void submit_close();

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
