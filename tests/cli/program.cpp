#include "program.hpp"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <poll.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <csignal>
#include <cstdlib>
#include <sstream>

#include "support/pretended_paranoid.hpp"
#include "uringbench/base/build.hpp"
#include "uringbench/model/mark.hpp"

namespace ub::cli {
namespace {

void limit(decltype(RLIMIT_NOFILE) resource, std::optional<std::uint64_t> value) {
  if (!value) return;
  const rlimit both{*value, *value};
  if (::setrlimit(resource, &both) != 0) ::_exit(kNotArranged);
}

/// In the child, before the program begins.
void arrange(const Surroundings& s) {
  // The leak check of a sanitized build clones a tracer, which a filter of system calls may refuse.
  if (!s.refused_calls.empty()) ::setenv("ASAN_OPTIONS", "detect_leaks=0", 1);
  limit(RLIMIT_NOFILE, s.open_files);
  limit(RLIMIT_MEMLOCK, s.locked_bytes);
  limit(RLIMIT_FSIZE, s.file_bytes);
  if (!s.directory.empty() && ::chdir(s.directory.c_str()) != 0) ::_exit(kNotArranged);
  // The leak checker of a sanitizer build needs a process of its own, and to trace this one.
  if (!s.refused_calls.empty() || s.user) ::setenv("ASAN_OPTIONS", "detect_leaks=0", 1);
  if (s.user && (::setgid(*s.user) != 0 || ::setuid(*s.user) != 0)) ::_exit(kNotArranged);
  if (s.paranoid_file.empty()) return;
  const std::string reason = test::pretend_paranoid(s.paranoid_file.c_str());
  if (reason.empty()) return;
  ::dprintf(STDERR_FILENO, "%s\n", reason.c_str());
  ::_exit(kNotArranged);
}

std::vector<std::string> with_filter(std::vector<std::string> command, const Surroundings& s) {
  if (s.refused_calls.empty()) return command;
  std::string calls;
  for (const std::string& call : s.refused_calls) calls += (calls.empty() ? "" : ",") + call;
  command.insert(command.begin(), {s.filter_program, std::to_string(s.refused_with), calls});
  return command;
}

std::string text_of(int fd) {
  std::string text;
  text.resize(static_cast<std::size_t>(::lseek(fd, 0, SEEK_END)));
  const ssize_t got = ::pread(fd, text.data(), text.size(), 0);
  text.resize(got < 0 ? 0 : static_cast<std::size_t>(got));
  return text;
}

}  // namespace

Program::Program(std::vector<std::string> command, const Surroundings& surroundings)
    : out_(::memfd_create("out", MFD_CLOEXEC)), err_(::memfd_create("err", MFD_CLOEXEC)) {
  command = with_filter(std::move(command), surroundings);
  std::vector<char*> argv;
  for (std::string& word : command) argv.push_back(word.data());
  argv.push_back(nullptr);
  id_ = ::fork();
  if (id_ == 0) {
    ::dup2(out_.get(), STDOUT_FILENO);
    ::dup2(err_.get(), STDERR_FILENO);
    arrange(surroundings);
    ::execvp(argv[0], argv.data());
    ::_exit(kNoSuchProgram);
  }
  pidfd_.reset(static_cast<int>(::syscall(SYS_pidfd_open, id_, 0)));
}

Program::~Program() {
  if (ended_) return;
  ::kill(id_, SIGKILL);
  ::waitpid(id_, nullptr, 0);
}

void Program::signal(int number) const {
  ::kill(id_, number);
}

Ended Program::wait(int timeout_ms) {
  pollfd entry{.fd = pidfd_.get(), .events = POLLIN, .revents = 0};
  if (::poll(&entry, 1, timeout_ms) != 1) {
    ADD_FAILURE() << "it did not end within " << timeout_ms << " ms";
    ::kill(id_, SIGKILL);
  }
  int status = 0;
  ::waitpid(id_, &status, 0);
  ended_ = true;
  const int code = WIFSIGNALED(status) ? 128 + WTERMSIG(status) : WEXITSTATUS(status);
  return {code, text_of(out_.get()), text_of(err_.get())};
}

std::vector<std::string> command_line(std::vector<std::string> arguments) {
  arguments.insert(arguments.begin(), URINGBENCH_PROGRAM);
  return arguments;
}

Ended uringbench(std::vector<std::string> arguments, const Surroundings& surroundings) {
  return Program(command_line(std::move(arguments)), surroundings).wait();
}

std::vector<std::string> split_lines(const std::string& text) {
  std::istringstream in(text);
  std::vector<std::string> lines;
  for (std::string line; std::getline(in, line);) lines.push_back(line);
  return lines;
}

bool is_stretched(const Json& sample) {
  const auto marks = sample.at("marks").get<std::vector<std::string>>();
  return sample.at("status") == "invalid" &&
         std::find(marks.begin(), marks.end(), to_text(Mark::window_stretched)) != marks.end();
}

bool is_release_build() {
  return build_warning().empty();
}

}  // namespace ub::cli
