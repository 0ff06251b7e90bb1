#pragma once

#include <cstdint>
#include <span>

#include "uringbench/base/mapped_memory.hpp"

namespace ub::receive {

/// `count` buffers of `buffer_bytes` in one mapping. All receive paths take their memory from here,
/// so that they differ in nothing else: a buffer of a page or more begins on a page, a smaller one
/// on a cache line, and every page has been written, so that none is faulted in while measuring.
class ReceiveBuffers {
 public:
  /// Throws SetupError when there is no memory.
  explicit ReceiveBuffers(std::uint64_t buffer_bytes, std::uint64_t count = 1);

  [[nodiscard]] std::span<std::byte> at(std::uint64_t index) const {
    return {memory_.data() + index * stride_, buffer_bytes_};
  }
  [[nodiscard]] std::span<std::byte> whole() const { return {memory_.data(), memory_.size()}; }
  [[nodiscard]] std::uint64_t buffer_bytes() const { return buffer_bytes_; }

 private:
  std::uint64_t buffer_bytes_;
  std::uint64_t stride_;
  MappedMemory memory_;
};

/// From the beginning of one buffer to that of the next.
std::uint64_t stride_of(std::uint64_t buffer_bytes);

}  // namespace ub::receive
