#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>

#include "uringbench/net/message_set.hpp"

namespace ub::load {

/// A place in one connection's stream, and what was wrong there. Everything counts from 0.
struct Mismatch {
  std::uint64_t offset = 0;   ///< of the byte in the stream
  std::uint64_t message = 0;  ///< of the stream, not of the set
  std::uint64_t byte = 0;     ///< within the message
  std::uint8_t expected = 0;
  std::uint8_t got = 0;

  friend bool operator==(const Mismatch&, const Mismatch&) = default;
};

/// Compares one connection's stream with the message set sent over and over. The set is shared,
/// outlives the verifier and is Layout::contiguous. Does not allocate.
class StreamVerifier {
 public:
  explicit StreamVerifier(const net::MessageSet& messages) : messages_(&messages) {}

  /// Takes the next bytes of the stream; the first that differs, or nullopt. No further use after
  /// one.
  [[nodiscard]] std::optional<Mismatch> take(std::span<const std::byte> bytes);

  /// Where the stream ends inside a message; nullopt when it ends between two.
  [[nodiscard]] std::optional<Mismatch> end() const;

 private:
  [[nodiscard]] Mismatch locate(std::uint64_t offset) const;

  const net::MessageSet* messages_;
  std::uint64_t offset_ = 0;  ///< of the next byte in the stream
};

}  // namespace ub::load
