#pragma once

#include <sys/types.h>

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "uringbench/base/unique_fd.hpp"

namespace ub {

/// A descriptor of ours, and its number in a new process.
struct GivenDescriptor {
  int ours = -1;
  int theirs = -1;
};

/// Owns one process that this one started; ends it by id when it goes. Its standard input is empty
/// and its standard output is our standard error, which keeps results clean, unless other
/// descriptors are given to it.
class ChildProcess {
 public:
  /// Starts `program` (looked up in PATH where it has no slash) with `arguments`, of which the
  /// first is its name. Throws SetupError.
  ChildProcess(const std::string& program, std::vector<std::string> arguments,
               const std::vector<GivenDescriptor>& given);
  ChildProcess(const ChildProcess&) = delete;
  ChildProcess& operator=(const ChildProcess&) = delete;
  ~ChildProcess();

  [[nodiscard]] pid_t id() const { return id_; }
  /// Readable once it has ended (pidfd_open(2)).
  [[nodiscard]] int fd() const { return pidfd_.get(); }

  /// How it ended, in words ("was ended by signal 9 (Killed)"), waiting at most until
  /// `deadline_ns`; nullopt while it runs.
  std::optional<std::string> ended(std::uint64_t deadline_ns);

  /// Since when it has been stopped by a signal or a debugger, as far as this was asked; nullopt
  /// while it runs. A frozen control group does not show.
  std::optional<std::uint64_t> stopped_since_ns();

 private:
  pid_t id_ = -1;
  UniqueFd pidfd_;
  std::optional<std::string> end_;
  std::optional<std::uint64_t> stopped_ns_;
};

}  // namespace ub
