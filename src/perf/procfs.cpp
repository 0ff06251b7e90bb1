#include "procfs.hpp"

#include <fcntl.h>
#include <fmt/format.h>

#include <cerrno>
#include <charconv>
#include <filesystem>
#include <string>
#include <vector>

#include "uringbench/base/directory.hpp"
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
  const DirectoryNames tasks = names_in_directory("/proc/self/task");
  if (!tasks.whole()) {
    const std::string_view mend = tasks.error == ENOENT ? "; mount /proc" : "";
    throw SetupError(
        fmt::format("the threads of this process are not known: {}{}", tasks.failure, mend),
        tasks.error);
  }
  std::vector<pid_t> threads;
  for (const std::string& name : tasks.names) {
    pid_t tid = 0;
    std::from_chars(name.data(), name.data() + name.size(), tid);
    threads.push_back(tid);
  }
  return threads;
}

}  // namespace ub::perf
