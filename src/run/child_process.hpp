#pragma once

#include <sys/types.h>

#include <optional>
#include <string>
#include <vector>

#include "uringbench/base/unique_fd.hpp"

namespace ub::run {

/// Owns one process that this one started; ends it by id when it goes. Its standard input is empty
/// and its standard output is our standard error, which keeps results clean.
class ChildProcess {
 public:
  /// Starts `program` with `arguments`; `channel` becomes its descriptor kChannelFd. Throws
  /// SetupError.
  ChildProcess(const std::string& program, std::vector<std::string> arguments, UniqueFd channel);
  ChildProcess(const ChildProcess&) = delete;
  ChildProcess& operator=(const ChildProcess&) = delete;
  ~ChildProcess();

  [[nodiscard]] pid_t id() const { return id_; }

  /// How it ended, in words ("was ended by signal 9 (Killed)"), waiting at most until
  /// `deadline_ns`; nullopt while it runs.
  std::optional<std::string> ended(std::uint64_t deadline_ns);

  static constexpr int kChannelFd = 3;

 private:
  pid_t id_ = -1;
  UniqueFd pidfd_;
  std::optional<std::string> end_;
};

}  // namespace ub::run
