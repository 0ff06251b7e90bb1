#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <vector>

#include "uringbench/net/message_set.hpp"
#include "uringbench/uring/ring.hpp"

namespace ub::path {

/// What one operation sends: messages `first` … `first + count - 1` of the set, of which the kernel
/// has accepted the first `skip_bytes` already (after a short send).
struct Payload {
  const net::MessageSet* messages = nullptr;
  std::uint32_t first = 0;
  std::uint32_t count = 0;
  std::uint32_t operation = 0;  ///< names the operation towards the engine; wraps
  std::uint64_t skip_bytes = 0;
  std::uint64_t most_bytes = ~std::uint64_t{0};  ///< that one attempt may send: a datagram is
                                                 ///< refused above, where a stream takes a part

  [[nodiscard]] std::uint64_t total_bytes() const { return count * messages->size_bytes(); }
  [[nodiscard]] std::uint64_t left_bytes() const { return total_bytes() - skip_bytes; }

  /// What the next attempt is to send.
  [[nodiscard]] std::uint64_t attempt_bytes() const { return std::min(left_bytes(), most_bytes); }

  /// The same as one range; not for Layout::fields.
  [[nodiscard]] std::span<const std::byte> rest() const {
    return {messages->at(first) + skip_bytes, attempt_bytes()};
  }
};

/// Where one attempt to send stands.
enum class SendState : std::uint8_t {
  done,         ///< ended; fewer bytes than asked for make a short send, to be continued
  in_flight,    ///< accepted by the ring; more completions follow
  would_block,  ///< the socket is full; nothing was taken
  starved,      ///< a limit on zero-copy memory is reached (`error`); a Release makes room
  failed,       ///< `error` says why; the connection is of no more use
  unchanged,    ///< this completion says nothing about the send, only about buffers
};

/// Whose the payload's memory is when the attempt has ended.
enum class BufferState : std::uint8_t {
  free,  ///< ours again
  held,  ///< the kernel's, until a Release names the operation once for this attempt
};

/// What the kernel said of its own copying.
enum class CopyReport : std::uint8_t {
  none,        ///< the path never asked it not to copy
  real,        ///< not copied
  copied,      ///< asked not to, and copied after all
  unreported,  ///< asked not to; the kernel has no way to say
};

/// Whether what RingPath::watch() armed is still armed.
enum class Watch : std::uint8_t {
  armed,
  ended,  ///< the kernel gave up a multishot request, as it does when the completion queue
          ///< overflows
};

/// All that a path and an engine exchange about a send.
struct SendProgress {
  std::uint64_t bytes = 0;  ///< newly accepted by the kernel
  SendState state = SendState::done;
  BufferState buffer = BufferState::free;
  CopyReport copy = CopyReport::none;  ///< of a send whose buffer is free at once
  int error = 0;                       ///< positive errno when failed or starved
  Watch watch = Watch::armed;
  std::uint32_t system_calls = 0;   ///< made by the path itself, for counting
  std::uint32_t notifications = 0;  ///< read: completions, or messages of the error queue, each of
                                    ///< which may release several sends
};

/// One attempt of `operation` has its buffer back.
struct Release {
  std::uint32_t operation = 0;
  CopyReport copy = CopyReport::unreported;
};

/// Filled by the path, emptied by the engine. Reserved beforehand, so that it does not allocate
/// while measuring.
using Releases = std::vector<Release>;

struct SyscallContext {
  int fd = -1;              ///< the connected socket; outlives the path
  std::uint32_t batch = 1;  ///< most messages a payload will carry
  int send_flags = 0;       ///< MSG_* beside the path's own; see Descriptor::send_flags
  const net::MessageSet* messages = nullptr;
};

/// What reading the error queue gave besides the releases.
struct Reaped {
  std::uint32_t system_calls = 0;
  std::uint32_t notifications = 0;  ///< messages read, each of which may release several sends
  int error = 0;                    ///< positive errno when the connection is of no more use
};

/// How bytes leave by system calls: one object a connection. Whether send() blocks is the socket's
/// affair, not the path's. Used by one thread at a time.
class SyscallPath {
 public:
  SyscallPath() = default;
  SyscallPath(const SyscallPath&) = delete;
  SyscallPath& operator=(const SyscallPath&) = delete;
  virtual ~SyscallPath() = default;

  /// Tries to send what is left of `payload`. Never SendState::in_flight.
  virtual SendProgress send(const Payload& payload) = 0;

  /// Appends the buffers that the kernel has let go of; does not block. To be called when the
  /// socket reports POLLERR, and now and then while sending.
  virtual Reaped reap(Releases& releases);
};

struct RingContext {
  uring::Ring* ring = nullptr;  ///< outlives the path
  int fd = -1;                  ///< the connected socket; outlives the path
  int file = -1;                ///< its index in the ring's table of files; -1: not registered
  std::uint32_t connection =
      0;                      ///< number of the connection, below kMaxClients; unique on the ring
  std::uint32_t batch = 1;    ///< most messages a payload will carry
  int send_flags = 0;         ///< MSG_* beside the path's own; see Descriptor::send_flags
  bool report_usage = false;  ///< the kernel knows IORING_SEND_ZC_REPORT_USAGE
  const net::MessageSet* messages = nullptr;

  /// What a submission entry names the socket by.
  [[nodiscard]] int target() const { return file >= 0 ? file : fd; }
};

/// What a path writes into user_data to know its completions again.
struct Label {
  std::uint8_t tag = 0;         ///< which of its requests; the path's own numbering
  std::uint32_t operation = 0;  ///< Payload::operation

  friend bool operator==(const Label&, const Label&) = default;
};

/// Gives out submission entries of one connection and counts them. Made by the engine.
class Submission {
 public:
  /// `flags`: IOSQE_* that every entry gets.
  Submission(uring::Ring& ring, std::uint64_t owner, std::uint8_t flags = 0)
      : ring_(&ring), owner_(owner), flags_(flags) {}

  /// The next entry, to be filled by an io_uring_prep_*() function and then labelled.
  io_uring_sqe& entry() { return ring_->next_sqe(); }

  /// Must follow the prep function: some versions of it clear user_data.
  void label(io_uring_sqe& sqe, Label label) {
    sqe.flags = static_cast<std::uint8_t>(sqe.flags | flags_);
    sqe.user_data = owner_ | (std::uint64_t{label.tag} << kTagShift) | label.operation;
    ++labelled_;
  }

  /// Entries labelled: each ends with one completion without IORING_CQE_F_MORE.
  [[nodiscard]] unsigned labelled() const { return labelled_; }

  // user_data: owner (24 bits), tag (8 bits), operation (32 bits).
  static constexpr unsigned kTagShift = 32;
  static constexpr unsigned kOwnerShift = 40;

 private:
  uring::Ring* ring_;
  std::uint64_t owner_;
  std::uint8_t flags_;
  unsigned labelled_ = 0;
};

/// How bytes leave through a ring: one object a connection, which has at most one send in flight at
/// a time (two would be reordered by a short send) but any number of buffers. Used by the ring's
/// thread only.
class RingPath {
 public:
  RingPath() = default;
  RingPath(const RingPath&) = delete;
  RingPath& operator=(const RingPath&) = delete;
  virtual ~RingPath() = default;

  /// Entries that one prepare() uses at most; the engine sees to it that they go in one submission.
  [[nodiscard]] virtual unsigned entries() const { return 1; }

  /// Prepares sending what is left of `payload`.
  virtual void prepare(const Payload& payload, Submission& submission) = 0;

  /// Called for every completion of an entry labelled by this path. A release may name the very
  /// attempt that this completion ends: book the progress first.
  virtual SendProgress complete(Label label, const uring::Completion& completion,
                                Releases& releases) = 0;

  /// Arms what stays armed for the life of the connection; called before the first prepare() and
  /// after every Watch::ended.
  virtual void watch(Submission& submission);
};

}  // namespace ub::path
