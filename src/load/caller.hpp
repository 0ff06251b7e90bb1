#pragma once

#include <cstdint>
#include <optional>

#include "any_message.hpp"
#include "generator.hpp"
#include "ticket.hpp"
#include "uringbench/base/unique_fd.hpp"

namespace ub::load {

/// One client with its present connection, if any.
struct Caller : Connection {
  enum class State {
    resting,     ///< has no connection
    connecting,  ///< its handshake is under way
    sending,
    receiving,
    closing,  ///< the response is there, the server's end not yet
    gone,     ///< a connection of it has failed: it makes no other
  };

  UniqueFd socket = {};
  State state = State::resting;
  bool hung_up = false;  ///< the server's end is in the socket, after what is there, and makes no
                         ///< further edge
  std::uint64_t sent_bytes = 0;
  std::uint64_t received_bytes = 0;
  Ticket ticket = {};
  std::optional<AnyMessageVerifier> verifier = {};
};

}  // namespace ub::load
