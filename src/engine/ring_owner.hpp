#pragma once

#include <cstdint>

#include "uringbench/path/ring_path.hpp"
#include "uringbench/uring/ring.hpp"

/// Whose a completion is: the upper part of its user_data.
namespace ub::engine {

/// Requests of the engine itself use connection numbers that no connection has.
enum Owner : std::uint64_t { kAccept = 0xfffffe, kWakeup = 0xfffffd, kCancel = 0xfffffc };

/// Set in the owner of a receive request, beside its connection's number.
inline constexpr std::uint64_t kReceive = 0x800000;

inline std::uint64_t owner_bits(std::uint64_t owner) {
  return owner << path::Submission::kOwnerShift;
}

inline std::uint64_t owner_of(const uring::Completion& completion) {
  return completion.user_data >> path::Submission::kOwnerShift;
}

inline path::Label label_of(const uring::Completion& completion) {
  return {.tag = static_cast<std::uint8_t>(completion.user_data >> path::Submission::kTagShift),
          .operation = static_cast<std::uint32_t>(completion.user_data)};
}

}  // namespace ub::engine
