#include "uringbench/base/check.hpp"

#include <cstdio>
#include <cstdlib>

namespace ub {

void fail_check(std::string_view rule, const std::source_location& where) {
  std::fprintf(stderr, "uringbench: bug: %s:%u: does not hold: %.*s\n", where.file_name(),
               static_cast<unsigned>(where.line()), static_cast<int>(rule.size()), rule.data());
  std::abort();
}

}  // namespace ub
