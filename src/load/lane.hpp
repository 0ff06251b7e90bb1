#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>

#include "first_failure.hpp"
#include "stream_verifier.hpp"
#include "uringbench/model/counts.hpp"

namespace ub::load {

struct Connection {
  int fd = -1;  ///< not owned
  std::uint32_t client = 0;
  std::optional<StreamVerifier> verifier;
};

/// All that one receiving thread works with. Owns nothing; everything outlives the thread.
struct Lane {
  std::span<Connection> connections;
  std::span<std::byte> buffer;
  Tally<LoadCounts>* tally = nullptr;
  FirstFailure* failure = nullptr;
  const std::atomic<bool>* aborting =
      nullptr;  ///< sockets are being shut down: their ends are no failures
};

enum class Step { goes_on, ended };

/// One recv(2) from `connection`, counted and, if wanted, verified. An ended connection is counted
/// too; its socket is shut down or reset, so that the server notices.
Step receive_once(Connection& connection, const Lane& lane);

}  // namespace ub::load
