#pragma once

#include <cstdint>
#include <span>

#include "uringbench/base/mapped_memory.hpp"
#include "uringbench/uring/ring.hpp"

namespace ub::uring {

/// How the kernel uses up the entries of a buffer ring.
enum class Consumption : std::uint8_t {
  whole,        ///< a request that takes an entry takes all of it
  incremental,  ///< what a request leaves of an entry is for the next (Linux 6.12)
};

/// A ring of buffers that the kernel takes from in order (IORING_REGISTER_PBUF_RING, Linux 5.19).
/// Entries are numbered by a 16-bit counter that wraps. Entries that the kernel has not
/// taken may be rewritten while no request uses the group. Unregisters itself; must not outlive the
/// Ring.
class BufferRing {
 public:
  /// `entries` must be a power of two up to 32768. Throws SetupError.
  BufferRing(Ring& ring, std::uint16_t group, std::uint16_t entries,
             Consumption consumption = Consumption::whole);
  BufferRing(const BufferRing&) = delete;
  BufferRing& operator=(const BufferRing&) = delete;
  ~BufferRing();

  /// Writes the entry numbered `position`, without showing it to the kernel yet. The entry's buffer
  /// id is its position.
  void write(std::uint16_t position, std::span<const std::byte> data) {
    write(position, data, position);
  }
  /// The same with a buffer id of the owner's choice.
  void write(std::uint16_t position, std::span<const std::byte> data, std::uint16_t id);

  /// The entry numbered `position` as it stands now: the kernel may have shortened it.
  [[nodiscard]] const io_uring_buf& entry(std::uint16_t position) const;

  /// Shows the kernel all entries before `position`.
  void publish(std::uint16_t position);

  /// The number of the entry that the kernel will take next; asks it (Linux 6.8).
  [[nodiscard]] SysResult next_taken() const;

  [[nodiscard]] std::uint16_t group() const { return group_; }
  [[nodiscard]] std::uint16_t entries() const { return entries_; }

 private:
  [[nodiscard]] io_uring_buf_ring* view() const;

  Ring* ring_;
  std::uint16_t group_;
  std::uint16_t entries_;
  MappedMemory memory_;
};

}  // namespace ub::uring
