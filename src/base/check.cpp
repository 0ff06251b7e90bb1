#include "uringbench/base/check.hpp"

#include <cstdio>
#include <cstdlib>

namespace ub {

void fail_check(std::string_view rule, const char* file, int line) {
  std::fprintf(stderr, "uringbench: bug: %s:%d: does not hold: %.*s\n", file, line,
               static_cast<int>(rule.size()), rule.data());
  std::abort();
}

}  // namespace ub
