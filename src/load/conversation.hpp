#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>

#include "stream_verifier.hpp"
#include "ticket.hpp"

namespace ub::load {

/// One connection of a requester.
struct Conversation {
  enum class State { open, half_closed, ended };

  int fd = -1;  ///< not owned
  std::uint32_t client = 0;
  std::optional<StreamVerifier> verifier;
  TicketQueue tickets;
  std::size_t partial_bytes = 0;     ///< sent of the first request that is due
  std::uint64_t received_bytes = 0;  ///< of responses
  std::uint64_t answered = 0;        ///< requests
  /// When it last could not take a request: what was planned up to then is late for that reason.
  std::uint64_t held_ns = 0;
  bool socket_full = false;
  State state = State::open;
};

}  // namespace ub::load
