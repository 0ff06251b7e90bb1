#pragma once

#include <dirent.h>
#include <poll.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <array>
#include <chrono>
#include <filesystem>
#include <fstream>
#include <functional>
#include <set>
#include <sstream>
#include <string>
#include <thread>
#include <vector>

#include "uringbench/base/unique_fd.hpp"

/// What /proc knows of other processes, for tests that disturb them and look for what is left.
namespace ub::test {

/// Tries until `holds` does; false after ten seconds. There is no event to wait for in /proc.
inline bool eventually(const std::function<bool()>& holds) {
  const auto end = std::chrono::steady_clock::now() + std::chrono::seconds(10);
  while (!holds()) {
    if (std::chrono::steady_clock::now() > end) return false;
    std::this_thread::sleep_for(std::chrono::milliseconds(2));
  }
  return true;
}

/// The fields of /proc/PID/stat from the third on (proc(5)); empty when there is no such process.
inline std::vector<std::string> stat_of(pid_t process) {
  std::ifstream file("/proc/" + std::to_string(process) + "/stat");
  std::string line;
  std::getline(file, line);
  const auto name_end = line.rfind(')');
  if (name_end == std::string::npos) return {};
  std::istringstream rest(line.substr(name_end + 1));
  std::vector<std::string> fields;
  for (std::string field; rest >> field;) fields.push_back(field);
  return fields;
}

/// User and kernel time of the process in clock ticks.
inline unsigned long cpu_ticks(pid_t process) {
  constexpr std::size_t kUser = 11;
  const auto fields = stat_of(process);
  if (fields.size() <= kUser + 1) return 0;
  return std::stoul(fields[kUser]) + std::stoul(fields[kUser + 1]);
}

/// Enough CPU time to say that a process has done more than wake up.
inline constexpr unsigned long kBusyTicks = 5;

/// The process has worked for a while.
inline bool is_busy(pid_t process) {
  return cpu_ticks(process) >= kBusyTicks;
}

/// Children that are there, also those that ended and were not waited for.
inline std::vector<pid_t> children_of(pid_t parent) {
  std::vector<pid_t> children;
  for (const auto& entry : std::filesystem::directory_iterator("/proc")) {
    const std::string name = entry.path().filename();
    if (name.find_first_not_of("0123456789") != std::string::npos) continue;
    const auto fields = stat_of(std::stoi(name));
    if (fields.size() > 1 && fields[1] == std::to_string(parent)) {
      children.push_back(std::stoi(name));
    }
  }
  return children;
}

/// Names one process for good: its number may be used again, this may not.
class ProcessWatch {
 public:
  explicit ProcessWatch(pid_t process)
      : fd_(static_cast<int>(::syscall(SYS_pidfd_open, process, 0))) {}

  [[nodiscard]] bool ended_within(int timeout_ms) const {
    pollfd entry{.fd = fd_.get(), .events = POLLIN, .revents = 0};
    return !fd_ || ::poll(&entry, 1, timeout_ms) == 1;
  }

 private:
  UniqueFd fd_;
};

/// Inode numbers of the sockets of a process.
inline std::set<std::string> sockets_of(pid_t process) {
  std::set<std::string> inodes;
  std::error_code error;
  const std::string directory = "/proc/" + std::to_string(process) + "/fd";
  for (const auto& entry : std::filesystem::directory_iterator(directory, error)) {
    const std::string target = std::filesystem::read_symlink(entry.path(), error);
    constexpr std::string_view kPrefix = "socket:[";
    if (!target.starts_with(kPrefix)) continue;
    inodes.insert(target.substr(kPrefix.size(), target.size() - kPrefix.size() - 1));
  }
  return inodes;
}

/// Those of `inodes` that are TCP sockets of some process now: listening or connected.
inline std::set<std::string> tcp_sockets_among(const std::set<std::string>& inodes) {
  constexpr std::size_t kInode = 9;  // of the columns of /proc/net/tcp
  std::set<std::string> found;
  std::ifstream file("/proc/net/tcp");
  for (std::string line; std::getline(file, line);) {
    std::istringstream columns(line);
    std::string column;
    for (std::size_t i = 0; i <= kInode && columns >> column; ++i) {
    }
    if (inodes.contains(column)) found.insert(column);
  }
  return found;
}

/// Says when data flows between two roles: both hold a TCP socket, and each has worked for a while
/// since. CPU time alone does not say so, as a role of a sanitized build needs as much to start.
class DataFlow {
 public:
  [[nodiscard]] bool seen(pid_t one, pid_t other) {
    if (!connected_) {
      connected_ = holds_tcp(one) && holds_tcp(other);
      before_ = {cpu_ticks(one), cpu_ticks(other)};
    }
    return connected_ && cpu_ticks(one) >= before_[0] + kBusyTicks &&
           cpu_ticks(other) >= before_[1] + kBusyTicks;
  }

 private:
  static bool holds_tcp(pid_t process) { return !tcp_sockets_among(sockets_of(process)).empty(); }

  bool connected_ = false;
  std::array<unsigned long, 2> before_{};
};

}  // namespace ub::test
