#pragma once

#include <cstdint>
#include <span>

#include "uringbench/base/mapped_memory.hpp"
#include "uringbench/uring/ring.hpp"

namespace ub::uring {

/// A ring of buffers that the kernel takes from in order (IORING_REGISTER_PBUF_RING, Linux 5.19).
/// Entries are numbered by a 16-bit counter that wraps. Entries that the kernel has not
/// taken may be rewritten while no request uses the group. Unregisters itself; must not outlive the
/// Ring.
class BufferRing {
 public:
  /// `entries` must be a power of two up to 32768. Throws SetupError.
  BufferRing(Ring& ring, std::uint16_t group, std::uint16_t entries);
  BufferRing(const BufferRing&) = delete;
  BufferRing& operator=(const BufferRing&) = delete;
  ~BufferRing();

  /// Writes the entry numbered `position`, without showing it to the kernel yet.
  void write(std::uint16_t position, std::span<const std::byte> data);

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
