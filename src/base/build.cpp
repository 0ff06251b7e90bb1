#include "uringbench/base/build.hpp"

namespace ub {

// URINGBENCH_VERSION and URINGBENCH_BUILD_TYPE come from src/CMakeLists.txt.
std::string_view program_version() {
  return URINGBENCH_VERSION;
}
std::string_view build_type() {
  return URINGBENCH_BUILD_TYPE;
}

std::string_view build_warning() {
#if defined(__SANITIZE_ADDRESS__)
  return "this is a sanitizer build: its figures say nothing about speed";
#elif !defined(NDEBUG)
  return "this is not a Release build: its figures say nothing about speed";
#else
  return "";
#endif
}

}  // namespace ub
