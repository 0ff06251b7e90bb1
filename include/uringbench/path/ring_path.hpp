#pragma once

#include <cstdint>
#include <memory>

#include "uringbench/path/payload.hpp"
#include "uringbench/path/send_progress.hpp"
#include "uringbench/uring/ring.hpp"

namespace ub::path {

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
