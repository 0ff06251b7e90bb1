#include "connection_failure.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstring>

#include "uringbench/base/error.hpp"
#include "uringbench/net/dialer.hpp"

namespace ub::load {
namespace {

std::string describe_what(const Failure& failure) {
  const Mismatch& where = failure.mismatch;
  switch (failure.kind) {
    case Failure::Kind::connect: {
      const std::string hint = net::connect_hint(failure.error);
      return fmt::format("connect: {}{}{}", describe_errno(failure.error), hint.empty() ? "" : "; ",
                         hint);
    }
    case Failure::Kind::receive:
      return "recv: " + describe_errno(failure.error);
    case Failure::Kind::send:
      return "send: " + describe_errno(failure.error);
    case Failure::Kind::wrong_byte:
      return fmt::format("byte {} of the stream (byte {} of message {}) is {:#04x}, not {:#04x}",
                         where.offset, where.byte, where.message, where.got, where.expected);
    case Failure::Kind::cut_short:
      return fmt::format("the stream ended at byte {}, inside message {}, of which {} bytes came",
                         where.offset, where.message, where.byte);
    case Failure::Kind::not_asked:
      return fmt::format("byte {} of the stream (byte {} of message {}) answers no request",
                         where.offset, where.byte, where.message);
    case Failure::Kind::closed_early:
      return fmt::format("the server closed the connection with {} requests unanswered",
                         failure.unanswered);
  }
  return "unknown failure";
}

}  // namespace

std::string describe(const Failure& failure) {
  return fmt::format("client {}: {}", failure.client, describe_what(failure));
}

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
