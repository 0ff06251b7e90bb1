#pragma once

#include <sys/socket.h>
#include <sys/uio.h>

#include <span>
#include <vector>

#include "uringbench/path/payload.hpp"

namespace ub::path {

/// The fields of a payload as an msghdr. Points into the message set; only when
/// the next attempt is not all of it are its fields copied into a list of its own. The msghdr stays
/// valid until the next call of set().
class FieldRange {
 public:
  explicit FieldRange(std::size_t most_fields) { part_.reserve(most_fields); }

  msghdr& set(const Payload& payload);

 private:
  std::span<const iovec> part(std::span<const iovec> fields, std::uint64_t skip_bytes,
                              std::uint64_t bytes);

  std::vector<iovec> part_;
  msghdr header_{};
};

}  // namespace ub::path
