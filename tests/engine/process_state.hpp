#pragma once

#include <cstddef>
#include <filesystem>

#include "session.hpp"

namespace ub::engine {

/// What a process has open and running.
struct ProcessState {
  std::ptrdiff_t descriptors = 0;
  std::ptrdiff_t threads = 0;

  static ProcessState now() { return {entries("/proc/self/fd"), entries("/proc/self/task")}; }

  friend bool operator==(const ProcessState&, const ProcessState&) = default;

 private:
  static std::ptrdiff_t entries(const char* directory) {
    const std::filesystem::directory_iterator first(directory);
    return std::distance(begin(first), end(first));
  }
};

/// A thread that was joined leaves /proc a moment later.
inline bool back_to(const ProcessState& before) {
  return eventually([&] { return ProcessState::now() == before; });
}

}  // namespace ub::engine
