#include "uringbench/base/cgroup.hpp"

#include <algorithm>
#include <cerrno>
#include <filesystem>
#include <fstream>
#include <system_error>
#include <vector>

#include "uringbench/base/error.hpp"

namespace ub {
namespace {

/// The directories of this process's group and of all above it, innermost first.
std::vector<std::filesystem::path> directories_of(const std::string& root) {
  std::ifstream file(root + "/proc/self/cgroup");
  std::vector<std::filesystem::path> directories;
  for (std::string line; std::getline(file, line);) {
    // "0::/user.slice" (version 2), or "4:cpu,cpuacct:/user.slice" (version 1).
    const std::size_t first = line.find(':');
    const std::size_t second = line.find(':', first + 1);
    if (first == std::string::npos || second == std::string::npos) continue;
    const std::string controllers = line.substr(first + 1, second - first - 1);
    const bool has_cpu = ("," + controllers + ",").find(",cpu,") != std::string::npos;
    if (!controllers.empty() && !has_cpu) continue;
    std::filesystem::path mount = root + "/sys/fs/cgroup";
    if (has_cpu) {
      std::error_code unreadable;  // then it holds no limit that can be read either
      mount /= std::filesystem::exists(mount / controllers, unreadable) ? controllers : "cpu";
    }
    for (std::filesystem::path group = line.substr(second + 1);; group = group.parent_path()) {
      directories.push_back(mount / group.relative_path());
      if (!group.has_relative_path()) break;
    }
  }
  return directories;
}

std::optional<double> number_in(const std::filesystem::path& path) {
  std::ifstream file(path);
  double number = 0;
  return file >> number ? std::optional(number) : std::nullopt;
}

std::optional<CpuQuota> quota_of(const std::filesystem::path& directory) {
  std::ifstream file(directory / "cpu.max");
  double quota_us = 0;
  double period_us = 0;
  if (file >> quota_us >> period_us && period_us > 0) {  // "max 100000" is no number
    return CpuQuota{quota_us / period_us, directory / "cpu.max"};
  }
  const auto quota = number_in(directory / "cpu.cfs_quota_us");
  const auto period = number_in(directory / "cpu.cfs_period_us");
  if (!quota || !period || *quota <= 0) return std::nullopt;  // -1: none
  return CpuQuota{*quota / *period, directory / "cpu.cfs_quota_us"};
}

/// The file that would say the quota of a group, and cannot be read; empty where there is none.
std::string unreadable_limit(const std::filesystem::path& directory) {
  for (const char* name : {"cpu.max", "cpu.cfs_quota_us"}) {
    const auto path = directory / name;
    std::error_code error;
    if (!std::filesystem::exists(path, error) && !error) continue;
    std::string word;
    errno = 0;
    if (!(std::ifstream(path) >> word)) {
      return path.string() + ": " + describe_errno(error ? error.value() : errno);
    }
  }
  return "";
}

std::optional<std::uint64_t> throttled_in(const std::filesystem::path& directory) {
  constexpr std::uint64_t kNsPerUs = 1000;
  std::ifstream file(directory / "cpu.stat");
  std::string name;
  std::uint64_t value = 0;
  while (file >> name >> value) {
    if (name == "throttled_usec") return value * kNsPerUs;
    if (name == "throttled_time") return value;  // version 1, in ns
  }
  return std::nullopt;
}

}  // namespace

CpuQuotaReading cpu_quota(const std::string& root) {
  std::optional<CpuQuota> narrowest;
  bool seen = false;
  std::string unreadable;
  for (const auto& directory : directories_of(root)) {
    std::error_code error;
    seen = seen || std::filesystem::exists(directory, error);
    if (unreadable.empty()) unreadable = unreadable_limit(directory);
    auto quota = quota_of(directory);
    if (quota && (!narrowest || quota->cpus < narrowest->cpus)) narrowest = std::move(quota);
  }
  if (narrowest) return *narrowest;
  if (!unreadable.empty()) return Unavailable{"the limit cannot be read: " + unreadable};
  if (seen) return NoCpuQuota{};
  return Unavailable{"/proc/self/cgroup names no group below /sys/fs/cgroup that can be seen here"};
}

std::optional<std::uint64_t> throttled_ns(const std::string& root) {
  std::optional<std::uint64_t> longest;
  for (const auto& directory : directories_of(root)) {
    longest = std::max(longest, throttled_in(directory));
  }
  return longest;
}

}  // namespace ub
