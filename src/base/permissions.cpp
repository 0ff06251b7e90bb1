#include "uringbench/base/permissions.hpp"

#include <charconv>
#include <fstream>

namespace ub {
namespace {

/// The value of "Name:\tvalue" in /proc/self/status.
std::optional<std::string> status_field(std::string_view name, const std::filesystem::path& root) {
  std::ifstream file(root / "proc/self/status");
  for (std::string line; std::getline(file, line);) {
    if (!line.starts_with(name)) continue;
    const auto begin = line.find_first_not_of(" \t", name.size());
    if (begin != std::string::npos) return line.substr(begin);
  }
  return std::nullopt;
}

}  // namespace

std::optional<bool> has_capability(Capability capability, const std::filesystem::path& root) {
  const auto digits = status_field("CapEff:", root);
  if (!digits) return std::nullopt;
  std::uint64_t set = 0;
  const auto read = std::from_chars(digits->data(), digits->data() + digits->size(), set, 16);
  if (read.ec != std::errc{}) return std::nullopt;
  return (set >> static_cast<unsigned>(capability) & 1U) != 0;
}

std::optional<bool> under_seccomp_filter(const std::filesystem::path& root) {
  const auto mode = status_field("Seccomp:", root);
  if (!mode) return std::nullopt;
  return *mode == "2";  // SECCOMP_MODE_FILTER (proc_pid_status(5))
}

std::optional<long long> number_in_file(const std::filesystem::path& path) {
  std::ifstream file(path);
  long long number = 0;
  return file >> number ? std::optional(number) : std::nullopt;
}

}  // namespace ub
