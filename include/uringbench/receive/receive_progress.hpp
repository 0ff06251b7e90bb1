#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

namespace ub::receive {

/// Where one attempt to receive stands.
enum class ReceiveState : std::uint8_t {
  received,     ///< `bytes` arrived, at least one
  would_block,  ///< nothing is there now
  ended,        ///< the peer has closed its side: no more will come
  exhausted,    ///< no buffer was free (ENOBUFS); give some back and arm again
  failed,       ///< `error` says why; the connection is of no more use
};

/// Whether a ring's receive request is still armed after a completion (IORING_CQE_F_MORE).
enum class Armed : std::uint8_t { no, yes };

/// All that a receive path and an engine exchange.
struct ReceiveProgress {
  std::uint64_t bytes = 0;   ///< arrived, however they got here
  std::uint64_t mapped = 0;  ///< of those: mapped instead of copied (TCP_ZEROCOPY_RECEIVE)
  ReceiveState state = ReceiveState::received;
  Armed armed = Armed::no;         ///< ring only
  int error = 0;                   ///< positive errno when failed
  std::uint32_t system_calls = 0;  ///< made by the path itself, for counting
};

/// Is shown what arrived, in order, in as many pieces as the path has it. A path that discards
/// (MSG_TRUNC) shows nothing. The bytes are only there during the call.
class ByteSink {
 public:
  ByteSink() = default;
  ByteSink(const ByteSink&) = delete;
  ByteSink& operator=(const ByteSink&) = delete;
  virtual ~ByteSink() = default;

  virtual void take(std::span<const std::byte> bytes) = 0;
};

}  // namespace ub::receive
