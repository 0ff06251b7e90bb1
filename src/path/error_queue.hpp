#pragma once

#include <cstdint>
#include <vector>

#include "uringbench/path/send_path.hpp"

namespace ub::path {

/// Maps the kernel's 32-bit counter of MSG_ZEROCOPY sends on one socket to operations. The kernel
/// numbers every successful send from 0 and reports inclusive ranges, which may coalesce sends and
/// arrive late; the counter wraps after 2^32 sends (Documentation/networking/msg_zerocopy.rst).
class ZerocopyIds {
 public:
  /// `first` is the next number of the socket: 0 except in tests of the wrap.
  explicit ZerocopyIds(std::uint32_t first = 0);

  /// The kernel accepted one more send, for `operation`.
  void issued(std::uint32_t operation);

  /// Appends one release for each send in lo … hi. False, and nothing appended, when the range
  /// names a send that is not outstanding.
  bool completed(std::uint32_t lo, std::uint32_t hi, CopyReport copy, Releases& releases);

 private:
  struct Slot {
    std::uint32_t operation = 0;
    bool done = true;
  };

  /// Issued, and not older than the oldest that is outstanding.
  [[nodiscard]] bool is_issued(std::uint32_t id) const;
  [[nodiscard]] bool are_outstanding(std::uint32_t lo, std::uint32_t hi) const;
  [[nodiscard]] const Slot& slot(std::uint32_t id) const {
    return slots_[id & (slots_.size() - 1)];
  }
  Slot& slot(std::uint32_t id) { return slots_[id & (slots_.size() - 1)]; }
  void grow();

  std::vector<Slot> slots_;  ///< a power of two of slots, indexed by the low bits of the number
  std::uint32_t oldest_;     ///< lowest number not yet completed
  std::uint32_t next_;
};

/// Switches SO_ZEROCOPY on. Without it MSG_ZEROCOPY is ignored without a word (socket(7)). Throws
/// SetupError.
void enable_zerocopy(int fd);

/// Reads every notification that is on the error queue of `fd` and appends the releases.
Reaped read_error_queue(int fd, ZerocopyIds& ids, Releases& releases);

}  // namespace ub::path
