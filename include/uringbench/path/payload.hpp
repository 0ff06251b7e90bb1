#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <span>

#include "uringbench/net/message_set.hpp"

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

}  // namespace ub::path
