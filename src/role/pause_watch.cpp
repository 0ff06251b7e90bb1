#include "pause_watch.hpp"

#include <algorithm>
#include <ctime>
#include <fstream>

#include "uringbench/base/clock.hpp"

namespace ub::role {
namespace {

std::uint64_t process_cpu_ns() {
  timespec time{};
  ::clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time);
  return static_cast<std::uint64_t>(time.tv_sec) * 1'000'000'000 +
         static_cast<std::uint64_t>(time.tv_nsec);
}

/// How long this thread was ready to run and had to wait for a CPU (proc(5), schedstat). 0 where
/// the kernel does not keep it.
std::uint64_t waited_ns() {
  std::ifstream file("/proc/thread-self/schedstat");
  std::uint64_t on_cpu = 0;
  std::uint64_t waiting = 0;
  return file >> on_cpu >> waiting ? waiting : 0;
}

}  // namespace

void PauseWatch::begin() {
  running_ = true;
  longest_ns_ = 0;
  last_ns_ = now_ns();
  last_cpu_ns_ = process_cpu_ns();
  last_waited_ns_ = waited_ns();
}

void PauseWatch::look() {
  constexpr std::uint64_t kHardly = 5;  // one part in five of the time
  const std::uint64_t now = now_ns();
  const std::uint64_t cpu = process_cpu_ns();
  const std::uint64_t waited = waited_ns();
  const std::uint64_t gap = now - last_ns_;
  const bool stood_still = (cpu - last_cpu_ns_) * kHardly < gap;
  const std::uint64_t explained = kTickNs + waited - last_waited_ns_;
  if (stood_still && gap > explained) longest_ns_ = std::max(longest_ns_, gap - explained);
  last_ns_ = now;
  last_waited_ns_ = waited;
  last_cpu_ns_ = cpu;
}

std::uint64_t PauseWatch::end() {
  look();
  running_ = false;
  return longest_ns_;
}

}  // namespace ub::role
