#include "procfs.hpp"

#include <fcntl.h>
#include <fmt/format.h>

#include <cerrno>
#include <charconv>
#include <filesystem>
#include <string>
#include <vector>

#include "uringbench/base/error.hpp"
#include "uringbench/base/unique_fd.hpp"

namespace ub::perf {
std::variant<std::string, Unavailable> read_text_file(const std::string& path) {
  const UniqueFd file(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
  if (!file) return Unavailable{fmt::format("{}: {}", path, describe_errno(errno))};
  std::string text;
  std::vector<char> chunk(std::size_t{64} << 10U);
  for (;;) {
    const SysResult got = from_errno(::read(file.get(), chunk.data(), chunk.size()));
    if (!got.ok()) return Unavailable{fmt::format("{}: {}", path, describe_errno(got.error))};
    if (got.value == 0) return text;
    text.append(chunk.data(), static_cast<std::size_t>(got.value));
  }
}

std::vector<pid_t> threads_of_this_process() {
  std::error_code failed;
  std::filesystem::directory_iterator tasks("/proc/self/task", failed);
  if (failed) throw_setup_error("listing /proc/self/task", failed.value(), "mount /proc");
  std::vector<pid_t> threads;
  for (const auto& entry : tasks) {
    const std::string name = entry.path().filename();
    pid_t tid = 0;
    std::from_chars(name.data(), name.data() + name.size(), tid);
    threads.push_back(tid);
  }
  return threads;
}

}  // namespace ub::perf
