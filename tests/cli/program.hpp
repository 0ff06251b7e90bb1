#pragma once

#include <sys/types.h>

#include <cerrno>
#include <optional>
#include <string>
#include <vector>

#include "uringbench/base/unique_fd.hpp"
#include "uringbench/model/json.hpp"

namespace ub::cli {

/// What a user would set in the shell before the command.
struct Surroundings {
  std::vector<std::string> refused_calls;                ///< system calls that fail
  int refused_with = EPERM;                              ///< with this
  std::string filter_program = URINGBENCH_SECCOMP_EXEC;  ///< refuses them
  std::optional<std::uint64_t> open_files;               ///< ulimit -n, hard and soft
  std::optional<std::uint64_t> locked_bytes;             ///< ulimit -l, hard and soft
  std::optional<std::uint64_t> file_bytes;               ///< ulimit -f
  std::optional<uid_t> user;                             ///< needs root
  std::string paranoid_file;  ///< what it reads as kernel.perf_event_paranoid; empty: the truth
  std::string directory;      ///< where it starts; empty: here
};

/// How a program ended and what it said.
struct Ended {
  int status = -1;  ///< exit status; 128 + N when signal N ended it, as a shell says it
  std::string out;
  std::string err;
};

/// The status of a program that could not be begun, as a shell says it.
inline constexpr int kNoSuchProgram = 127;

/// The status when the surroundings cannot be had here; standard error may say why.
inline constexpr int kNotArranged = 125;

/// One run of a program with its output kept in files. Killed by its id when it goes.
class Program {
 public:
  explicit Program(std::vector<std::string> command, const Surroundings& surroundings = {});
  Program(const Program&) = delete;
  Program& operator=(const Program&) = delete;
  ~Program();

  [[nodiscard]] pid_t id() const { return id_; }
  void signal(int number) const;

  /// Waits for its end; fails the test and kills it after `timeout_ms`.
  Ended wait(int timeout_ms = 60'000);

 private:
  pid_t id_ = -1;
  UniqueFd pidfd_;
  UniqueFd out_;
  UniqueFd err_;
  bool ended_ = false;
};

/// uringbench with `arguments`, to its end.
Ended uringbench(std::vector<std::string> arguments, const Surroundings& surroundings = {});

/// The command line of uringbench, to be started with Program.
std::vector<std::string> command_line(std::vector<std::string> arguments);

/// A line of samples.jsonl whose window a busy machine stretched, in its last take too: other tests
/// may run beside.
bool is_stretched(const Json& sample);

std::vector<std::string> split_lines(const std::string& text);

/// True in a build whose every run begins with a warning on standard error (honesty rule 7).
bool is_release_build();

}  // namespace ub::cli
