#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

#include "uringbench/uring/ring.hpp"

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

/// Whether a receive may put its thread to sleep.
enum class Patience : std::uint8_t { wait, do_not_wait };

struct SyscallContext {
  int fd = -1;                     ///< the connected socket; outlives the path
  std::uint64_t buffer_bytes = 0;  ///< to receive into, at most this much a call
};

/// How bytes arrive by system calls: one object a connection. Used by one thread at a time.
class SyscallReceive {
 public:
  SyscallReceive() = default;
  SyscallReceive(const SyscallReceive&) = delete;
  SyscallReceive& operator=(const SyscallReceive&) = delete;
  virtual ~SyscallReceive() = default;

  /// Receives once, what is there, up to a buffer; shows it to `sink`.
  virtual ReceiveProgress receive(Patience patience, ByteSink& sink) = 0;
};

/// Buffers and registrations that all connections of one ring share; made once a ring, by the path.
class RingShared {
 public:
  RingShared() = default;
  RingShared(const RingShared&) = delete;
  RingShared& operator=(const RingShared&) = delete;
  virtual ~RingShared() = default;

  /// Buffers that the kernel may use now, of all, as the kernel counts them (Linux 6.8; by our own
  /// books before that); equal when none is in our hands. For checking that all come back; costs a
  /// system call. 0 of 0 for a path without shared buffers.
  [[nodiscard]] virtual std::uint64_t buffers_free() const { return 0; }
  [[nodiscard]] virtual std::uint64_t buffers() const { return 0; }
};

struct RingContext {
  uring::Ring* ring = nullptr;     ///< outlives the path
  RingShared* shared = nullptr;    ///< what make_shared() gave for that ring; outlives the path
  int fd = -1;                     ///< the connected, blocking socket, or its index in the ring's
                                   ///< table of files; outlives the path
  std::uint32_t connection = 0;    ///< unique on the ring, below SharedContext::connections
  std::uint64_t buffer_bytes = 0;  ///< to receive into, at most this much a completion
};

/// Where nobody says otherwise, the provided buffers of a ring take no more memory than this: the
/// kernel goes through all of them in turn, so a larger pool is a colder one.
inline constexpr std::uint64_t kSharedMemoryBytes = 16U << 20U;

struct SharedContext {
  uring::Ring* ring = nullptr;     ///< outlives what is made
  std::uint32_t connections = 1;   ///< that will share it
  std::uint64_t buffer_bytes = 0;  ///< of one buffer
  std::uint16_t group = 0;         ///< buffer group to use; not used by anybody else on the ring
  std::uint64_t memory_bytes = kSharedMemoryBytes;  ///< limit on provided buffers together; at
                                                    ///< least one is made
};

/// How bytes arrive through a ring: one object a connection. Used by the ring's thread only.
class RingReceive {
 public:
  RingReceive() = default;
  RingReceive(const RingReceive&) = delete;
  RingReceive& operator=(const RingReceive&) = delete;
  virtual ~RingReceive() = default;

  /// Fills `sqe` with a request to receive. Not while an earlier one is still armed. The engine
  /// labels it; user_data is not touched.
  virtual void arm(io_uring_sqe& sqe) = 0;

  /// Takes in one completion of that request: shows what arrived to `sink` and gives its buffers
  /// back to the kernel before it returns.
  virtual ReceiveProgress complete(const uring::Completion& completion, ByteSink& sink) = 0;
};

}  // namespace ub::receive
