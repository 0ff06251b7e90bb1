#pragma once

#include <fcntl.h>
#include <sched.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <string>
#include <utility>

namespace ub::test {

/// An open file that takes `text`, or the reason why not; empty when it did.
inline std::string put_text(const char* path, const std::string& text) {
  const int fd = ::open(path, O_WRONLY | O_CLOEXEC);
  if (fd < 0) return std::string(path) + ": " + std::strerror(errno);
  const bool put = ::write(fd, text.data(), text.size()) == static_cast<ssize_t>(text.size());
  const std::string reason = put ? "" : std::string(path) + ": " + std::strerror(errno);
  ::close(fd);
  return reason;
}

/// From now on this process, which has one thread, and what it starts read the content of
/// `level_file` in /proc/sys/kernel/perf_event_paranoid: in a user and a mount namespace of its
/// own, for the sysctl is everybody's. Returns why that cannot be had, empty when it can. What the
/// kernel permits stays as it is; that takes a filter of system calls.
inline std::string pretend_paranoid(const char* level_file) {
  const std::string user = std::to_string(::geteuid());
  const std::string group = std::to_string(::getegid());
  // Who has given root up may write his own /proc/self/uid_map only after this (prctl(2)).
  ::prctl(PR_SET_DUMPABLE, 1);
  if (::unshare(CLONE_NEWUSER | CLONE_NEWNS) != 0) {
    return std::string("user namespaces are not to be had here: ") + std::strerror(errno);
  }
  for (const auto& [path, text] : {std::pair{"/proc/self/setgroups", std::string("deny")},
                                   std::pair{"/proc/self/uid_map", user + " " + user + " 1"},
                                   std::pair{"/proc/self/gid_map", group + " " + group + " 1"}}) {
    if (std::string reason = put_text(path, text); !reason.empty()) return reason;
  }
  if (::mount(nullptr, "/", nullptr, MS_REC | MS_PRIVATE, nullptr) != 0 ||
      ::mount(level_file, "/proc/sys/kernel/perf_event_paranoid", nullptr, MS_BIND, nullptr) != 0) {
    return std::string("no file can be mounted over the sysctl here: ") + std::strerror(errno);
  }
  return "";
}

}  // namespace ub::test
