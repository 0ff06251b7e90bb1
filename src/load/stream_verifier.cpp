#include "stream_verifier.hpp"

#include <algorithm>
#include <cstring>

namespace ub::load {

std::optional<Mismatch> StreamVerifier::take(std::span<const std::byte> bytes) {
  const std::span<const std::byte> set = messages_->region();
  while (!bytes.empty()) {
    const std::size_t place = offset_ % set.size();
    const std::size_t length = std::min(bytes.size(), set.size() - place);
    const auto piece = bytes.first(length);
    const auto wanted = set.subspan(place, length);
    if (std::memcmp(piece.data(), wanted.data(), length) != 0) {
      const auto [got, expected] = std::mismatch(piece.begin(), piece.end(), wanted.begin());
      Mismatch found = locate(offset_ + static_cast<std::uint64_t>(got - piece.begin()));
      found.expected = std::to_integer<std::uint8_t>(*expected);
      found.got = std::to_integer<std::uint8_t>(*got);
      return found;
    }
    offset_ += length;
    bytes = bytes.subspan(length);
  }
  return std::nullopt;
}

std::optional<Mismatch> StreamVerifier::end() const {
  const Mismatch place = locate(offset_);
  return place.byte == 0 ? std::nullopt : std::optional(place);
}

Mismatch StreamVerifier::locate(std::uint64_t offset) const {
  return {offset, offset / messages_->size_bytes(), offset % messages_->size_bytes(), 0, 0};
}

}  // namespace ub::load
