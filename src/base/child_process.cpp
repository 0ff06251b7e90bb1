#include "uringbench/base/child_process.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <poll.h>
#include <spawn.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <csignal>
#include <cstring>
#include <fstream>

#include "uringbench/base/clock.hpp"
#include "uringbench/base/error.hpp"
#include "uringbench/base/permissions.hpp"

namespace ub {
namespace {

/// Redirections of the new process.
class FileActions {
 public:
  FileActions() { ::posix_spawn_file_actions_init(&actions_); }
  FileActions(const FileActions&) = delete;
  FileActions& operator=(const FileActions&) = delete;
  ~FileActions() { ::posix_spawn_file_actions_destroy(&actions_); }

  void open_null(int fd) {
    ::posix_spawn_file_actions_addopen(&actions_, fd, "/dev/null", O_RDONLY, 0);
  }
  void duplicate(int from, int to) { ::posix_spawn_file_actions_adddup2(&actions_, from, to); }
  [[nodiscard]] const posix_spawn_file_actions_t* get() const { return &actions_; }

 private:
  posix_spawn_file_actions_t actions_{};
};

/// So that no redirection overwrites what the next one is made from.
UniqueFd out_of_the_way(int fd) {
  constexpr int kAboveAllGiven = 16;
  UniqueFd copy(::fcntl(fd, F_DUPFD_CLOEXEC, kAboveAllGiven));
  if (!copy)
    throw_setup_error("copying a descriptor for a new process", errno, "raise `ulimit -n`");
  return copy;
}

std::string describe_end(int status) {
  if (WIFSIGNALED(status)) {
    const int signal = WTERMSIG(status);
    const std::string_view who =
        signal == SIGKILL ? "; the kernel does so when memory runs out (dmesg, memory.max)" : "";
    return fmt::format("was ended by signal {} ({}){}", signal, ::strsignal(signal), who);
  }
  constexpr int kNotStarted = 127;  // of ld.so and posix_spawn(3)
  const int code = WEXITSTATUS(status);
  if (code == kNotStarted) return "could not be started: the program or its libraries are missing";
  return fmt::format("ended with status {}", code);
}

std::string mend_of(int error) {
  if (error == EAGAIN) return explain_task_limit();
  if (error == EPERM || error == ENOSYS) {
    return "a seccomp profile refuses clone(2), clone3(2) or execve(2); allow them there";
  }
  if (error == ENOMEM) return "memory is short (free, `ulimit -v`, the cgroup's memory.max)";
  return "";
}

}  // namespace

ChildProcess::ChildProcess(const std::string& program, std::vector<std::string> arguments,
                           const std::vector<GivenDescriptor>& given) {
  FileActions actions;
  actions.open_null(STDIN_FILENO);
  actions.duplicate(STDERR_FILENO, STDOUT_FILENO);
  std::vector<UniqueFd> copies;
  for (const GivenDescriptor& each : given) {
    copies.push_back(out_of_the_way(each.ours));
    actions.duplicate(copies.back().get(), each.theirs);
  }
  std::vector<char*> argv;
  argv.reserve(arguments.size() + 1);
  for (std::string& argument : arguments) argv.push_back(argument.data());
  argv.push_back(nullptr);
  const int error =
      ::posix_spawnp(&id_, program.c_str(), actions.get(), nullptr, argv.data(), environ);
  if (error != 0) throw_setup_error(fmt::format("starting '{}'", program), error, mend_of(error));
  pidfd_.reset(static_cast<int>(::syscall(SYS_pidfd_open, id_, 0)));  // Linux 5.3
}

ChildProcess::~ChildProcess() {
  if (end_) return;
  ::kill(id_, SIGKILL);
  int status = 0;
  while (::waitpid(id_, &status, 0) < 0 && errno == EINTR) {
  }
}

std::optional<std::string> ChildProcess::ended(std::uint64_t deadline_ns) {
  if (end_) return end_;
  constexpr std::uint64_t kMs = 1'000'000;
  const std::uint64_t now = now_ns();
  const auto timeout_ms = deadline_ns > now ? (deadline_ns - now + kMs - 1) / kMs : 0;
  pollfd wait{.fd = pidfd_.get(), .events = POLLIN, .revents = 0};
  ::poll(&wait, 1, static_cast<int>(std::min<std::uint64_t>(timeout_ms, 60'000)));
  int status = 0;
  if (::waitpid(id_, &status, WNOHANG) == id_) end_ = describe_end(status);
  return end_;
}

/// By the state in /proc and not by waitid(2), which tells each stop once and never that a debugger
/// attached.
std::optional<std::uint64_t> ChildProcess::stopped_since_ns() {
  std::ifstream file(fmt::format("/proc/{}/stat", id_));
  std::string text;
  std::getline(file, text);
  const std::size_t name_end =
      text.rfind(')');  // "id (name) state …", and a name may hold any byte
  const char state =
      name_end != std::string::npos && name_end + 2 < text.size() ? text[name_end + 2] : '?';
  if (state != 'T' && state != 't') {
    stopped_ns_.reset();
  } else if (!stopped_ns_) {
    stopped_ns_ = now_ns();
  }
  return stopped_ns_;
}

}  // namespace ub
