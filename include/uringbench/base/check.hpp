#pragma once

#include <string_view>

namespace ub {

/// Ends the program with the broken rule and its place. For bugs only: a fault of the kernel, the
/// network or the user is a value or an exception (error.hpp), never a check. The place is the
/// caller's; by builtins, as clang 14 cannot read libstdc++'s std::source_location.
[[noreturn]] void fail_check(std::string_view rule, const char* file = __builtin_FILE(),
                             int line = __builtin_LINE());

/// An always-on assertion: also in Release builds, because a wrong number is worse than no number.
/// `rule` says what must hold. Costs one predictable branch.
inline void check(bool holds, std::string_view rule, const char* file = __builtin_FILE(),
                  int line = __builtin_LINE()) {
  if (!holds) [[unlikely]] {
    fail_check(rule, file, line);
  }
}

}  // namespace ub
