#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "uringbench/receive/receive_path.hpp"

namespace ub::receive {

/// Byte `place` of stream `stream`: a swapped, lost or doubled piece shows, also one of another
/// stream.
inline std::byte pattern_at(std::uint32_t stream, std::uint64_t place) {
  const std::uint64_t mixed = (place + 1) * 0x9e3779b97f4a7c15U + stream * 0x632be59bd9b4e019U;
  return static_cast<std::byte>(mixed >> 56U);
}

inline std::vector<std::byte> pattern(std::uint32_t stream, std::uint64_t size_bytes) {
  std::vector<std::byte> bytes(size_bytes);
  for (std::uint64_t i = 0; i < size_bytes; ++i) bytes[i] = pattern_at(stream, i);
  return bytes;
}

/// Compares what it is shown with the pattern of a stream.
class VerifyingSink final : public ByteSink {
 public:
  explicit VerifyingSink(std::uint32_t stream = 0) : stream_(stream) {}

  void take(std::span<const std::byte> bytes) override {
    pieces_.push_back(bytes.size());
    for (const std::byte byte : bytes) {
      if (byte != pattern_at(stream_, place_) && !mismatch_) mismatch_ = place_;
      ++place_;
    }
  }

  [[nodiscard]] std::uint64_t bytes() const { return place_; }
  /// The place of the first wrong byte.
  [[nodiscard]] std::optional<std::uint64_t> mismatch() const { return mismatch_; }
  [[nodiscard]] const std::vector<std::size_t>& pieces() const { return pieces_; }

 private:
  std::uint32_t stream_;
  std::uint64_t place_ = 0;
  std::optional<std::uint64_t> mismatch_;
  std::vector<std::size_t> pieces_;
};

}  // namespace ub::receive
