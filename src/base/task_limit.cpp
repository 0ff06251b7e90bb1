// Why there can be no further process or thread.
#include <fmt/format.h>
#include <fmt/ranges.h>
#include <sys/resource.h>
#include <unistd.h>

#include <charconv>
#include <fstream>
#include <vector>

#include "uringbench/base/directory.hpp"
#include "uringbench/base/permissions.hpp"

namespace ub {
namespace {

/// A limit, how much of it is used where that is known, and how it is raised.
struct TaskLimit {
  std::string name;
  long long most = 0;
  std::optional<long long> used;
  std::string mend;

  [[nodiscard]] bool reached() const { return used && *used >= most; }
  [[nodiscard]] std::string text() const {
    return used ? fmt::format("{} is {}, and {} are in use", name, most, *used)
                : fmt::format("{} is {}", name, most);
  }
};

/// pids.max of this process's group and of those above it (Documentation/admin-guide/cgroup-v2.rst,
/// "PID"; version 1 has the same files in a hierarchy of its own).
std::vector<TaskLimit> cgroup_limits(const std::filesystem::path& root) {
  std::ifstream file(root / "proc/self/cgroup");
  std::vector<TaskLimit> limits;
  for (std::string line; std::getline(file, line);) {
    const std::size_t first = line.find(':');
    const std::size_t second = line.find(':', first + 1);
    if (first == std::string::npos || second == std::string::npos) continue;
    const std::string controllers = line.substr(first + 1, second - first - 1);
    if (!controllers.empty() && controllers != "pids") continue;
    const std::filesystem::path mount = root / "sys/fs/cgroup" / controllers;
    for (std::filesystem::path group = line.substr(second + 1);; group = group.parent_path()) {
      const std::filesystem::path directory = mount / group.relative_path();
      if (const auto most = number_in_file(directory / "pids.max")) {
        limits.push_back(
            {(directory / "pids.max").string(), *most, number_in_file(directory / "pids.current"),
             "raise it (in a container --pids-limit -1; in a systemd unit TasksMax=)"});
      }
      if (!group.has_relative_path()) break;
    }
  }
  return limits;
}

/// Threads of this process's real user in all processes that /proc shows.
std::optional<long long> threads_of_user(const std::filesystem::path& root) {
  const DirectoryNames processes = names_in_directory(root / "proc");
  long long threads = 0;
  for (const std::string& name : processes.names) {
    if (name.find_first_not_of("0123456789") != std::string::npos) continue;
    std::ifstream file(root / "proc" / name / "status");
    bool own = false;
    for (std::string word; file >> word;) {
      unsigned long value = 0;
      if (word == "Uid:") own = file >> value && value == ::getuid();
      if (word != "Threads:") continue;
      if (own && file >> value) threads += static_cast<long long>(value);
      break;
    }
  }
  return processes.whole() ? std::optional(threads) : std::nullopt;
}

/// It does not bind who has CAP_SYS_ADMIN or CAP_SYS_RESOURCE (getrlimit(2)).
std::optional<TaskLimit> user_limit(const std::filesystem::path& root) {
  rlimit limit{};
  if (::getrlimit(RLIMIT_NPROC, &limit) != 0 || limit.rlim_cur == RLIM_INFINITY) return {};
  if (has_capability(Capability::sys_admin, root).value_or(false)) return {};
  if (has_capability(Capability::sys_resource, root).value_or(false)) return {};
  return TaskLimit{"RLIMIT_NPROC of this user", static_cast<long long>(limit.rlim_cur),
                   threads_of_user(root), "raise it with `ulimit -u`"};
}

/// The fourth word of /proc/loadavg is "running/all threads".
std::optional<TaskLimit> machine_limit(const std::filesystem::path& root) {
  const auto most = number_in_file(root / "proc/sys/kernel/threads-max");
  if (!most) return {};
  TaskLimit limit{"kernel.threads-max", *most, {}, "raise it with `sysctl kernel.threads-max`"};
  std::ifstream file(root / "proc/loadavg");
  std::string word;
  for (int i = 0; i < 4; ++i) file >> word;
  const std::size_t slash = word.find('/');
  long long threads = 0;
  if (slash != std::string::npos &&
      std::from_chars(word.data() + slash + 1, word.data() + word.size(), threads).ec ==
          std::errc{}) {
    limit.used = threads;
  }
  return limit;
}

}  // namespace

std::string explain_task_limit(const std::filesystem::path& root) {
  std::vector<TaskLimit> limits = cgroup_limits(root);
  if (auto user = user_limit(root)) limits.push_back(std::move(*user));
  if (auto machine = machine_limit(root)) limits.push_back(std::move(*machine));
  std::vector<std::string> texts;
  for (const TaskLimit& limit : limits) {
    if (limit.reached()) return fmt::format("{}; {}", limit.text(), limit.mend);
    texts.push_back(limit.text());
  }
  if (texts.empty()) return "RLIMIT_NPROC (`ulimit -u`) or the cgroup's pids.max may be too low";
  return fmt::format("{}: one of them was probably reached, or memory is short",
                     fmt::join(texts, "; "));
}

}  // namespace ub
