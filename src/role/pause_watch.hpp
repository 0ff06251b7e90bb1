#pragma once

#include <cstdint>

#include "uringbench/base/unique_fd.hpp"

namespace ub::role {

/// Finds out whether this process stood still: stopped by a signal, frozen with its control group,
/// or suspended with the machine. The thread that answers the runner has nothing to do within a
/// window, so it wakes up every kTickNs; when it comes much later, the process has hardly used its
/// CPUs meanwhile, and the thread did not wait for one that others had, the process was not allowed
/// to run. One thread.
class PauseWatch {
 public:
  static constexpr std::uint64_t kTickNs = 10'000'000;

  void begin();
  /// To be called at every wake-up.
  void look();
  /// Looks for the last time; the longest pause since begin().
  std::uint64_t end();
  [[nodiscard]] bool running() const { return running_; }

 private:
  [[nodiscard]] std::uint64_t waited_ns() const;

  bool running_ = false;
  UniqueFd schedstat_;  ///< of the thread that begins; kept open, as it is read within the window
  std::uint64_t last_ns_ = 0;
  std::uint64_t last_cpu_ns_ = 0;
  std::uint64_t last_waited_ns_ = 0;
  std::uint64_t longest_ns_ = 0;
};

}  // namespace ub::role
