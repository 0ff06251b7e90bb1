#pragma once

#include <sys/types.h>

#include <stdexcept>
#include <string>
#include <string_view>

namespace ub {

/// Something that could not be set up. `what()` is one sentence that names the thing, its value,
/// the likely cause, and the command, sysctl, ulimit or capability that mends it.
class SetupError : public std::runtime_error {
 public:
  explicit SetupError(const std::string& what, int error = 0)
      : std::runtime_error(what), error_(error) {}

  /// The errno of the call that failed; 0 where it was not a call.
  [[nodiscard]] int error() const { return error_; }

 private:
  int error_;
};

/// Bad input from the user: one sentence with option, value and what would be accepted. Exit status
/// 2; raised before anything is started.
class UsageError : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

/// "EPIPE (Broken pipe)"; `error` is a positive errno.
std::string describe_errno(int error);

/// The symbolic name alone, "EPIPE"; "errno 999" for one the C library does not know.
std::string errno_name(int error);

/// SetupError with "<doing>: <errno text>[; <mend>]".
[[noreturn]] void throw_setup_error(std::string_view doing, int error, std::string_view mend = "");

/// The two ways in which Linux reports failure, kept apart by type. `error` is 0 or a positive
/// errno; `value` is meaningful only when `error` is 0.
struct SysResult {
  ssize_t value = 0;
  int error = 0;

  [[nodiscard]] bool ok() const { return error == 0; }
};

/// From a libc wrapper: -1 and errno.
SysResult from_errno(ssize_t returned);

/// From a ring completion or a raw liburing call: -errno (liburing(7), io_uring_enter(2)).
inline SysResult from_negative(ssize_t returned) {
  return returned < 0 ? SysResult{0, static_cast<int>(-returned)} : SysResult{returned, 0};
}

}  // namespace ub
