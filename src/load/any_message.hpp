#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <unordered_map>

#include "connection_failure.hpp"

namespace ub::load {

/// Tells messages of a set by their first bytes, of which every message has others. Messages of
/// fewer than 8 bytes may be alike; then it is one of those. Shared by threads; the set outlives
/// it.
class MessageFinder {
 public:
  static constexpr std::size_t kHeadBytes = 8;

  explicit MessageFinder(const net::MessageSet& messages);

  [[nodiscard]] const net::MessageSet& messages() const { return *messages_; }
  /// Bytes that it takes to tell.
  [[nodiscard]] std::size_t head_bytes() const;
  [[nodiscard]] std::optional<std::uint32_t> find(std::span<const std::byte> head) const;

 private:
  const net::MessageSet* messages_;
  std::unordered_map<std::uint64_t, std::uint32_t> by_head_;
};

/// Checks that a stream is one message, whichever of the set, byte for byte. Does not allocate.
class AnyMessageVerifier {
 public:
  explicit AnyMessageVerifier(const MessageFinder& finder) : finder_(&finder) {}

  /// Takes the next bytes; the first that differs, or nullopt. No further use after one.
  [[nodiscard]] std::optional<Mismatch> take(std::span<const std::byte> bytes);

 private:
  const MessageFinder* finder_;
  std::array<std::byte, MessageFinder::kHeadBytes> head_{};
  std::size_t head_bytes_ = 0;
  std::optional<StreamVerifier> message_;
};

}  // namespace ub::load
