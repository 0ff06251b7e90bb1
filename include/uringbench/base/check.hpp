#pragma once

#include <source_location>
#include <string_view>

namespace ub {

/// Ends the program with the broken rule and its place. For bugs only: a fault of the kernel, the
/// network or the user is a value or an exception (error.hpp), never a check.
[[noreturn]] void fail_check(std::string_view rule, const std::source_location& where);

/// An always-on assertion: also in Release builds, because a wrong number is worse than no number.
/// `rule` says what must hold. Costs one predictable branch.
inline void check(bool holds, std::string_view rule,
                  const std::source_location& where = std::source_location::current()) {
  if (!holds) [[unlikely]] {
    fail_check(rule, where);
  }
}

}  // namespace ub
