#pragma once

#include <string>

namespace ub {

/// A thing that this kernel, machine or user cannot have, and why. It is a value that travels to
/// the report, never a 0 and never another thing in its place (honesty rule 1).
struct Unavailable {
  std::string reason;

  friend bool operator==(const Unavailable&, const Unavailable&) = default;
};

}  // namespace ub
