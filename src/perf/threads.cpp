#include "threads.hpp"

#include <charconv>
#include <filesystem>
#include <string>

#include "uringbench/base/error.hpp"

namespace ub::perf {

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
