#include "uringbench/base/error.hpp"

#include <fmt/format.h>

#include <cerrno>
#include <cstring>

namespace ub {

std::string errno_name(int error) {
  const char* name = ::strerrorname_np(error);
  return name != nullptr ? name : fmt::format("errno {}", error);
}

std::string describe_errno(int error) {
  const char* text = ::strerrordesc_np(error);
  return text != nullptr ? fmt::format("{} ({})", errno_name(error), text) : errno_name(error);
}

void throw_setup_error(std::string_view doing, int error, std::string_view mend) {
  throw SetupError(
      fmt::format("{}: {}{}{}", doing, describe_errno(error), mend.empty() ? "" : "; ", mend),
      error);
}

SysResult from_errno(ssize_t returned) {
  return returned < 0 ? SysResult{0, errno} : SysResult{returned, 0};
}

}  // namespace ub
