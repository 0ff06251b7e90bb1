#include "pause_watch.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cstdlib>
#include <ctime>

#include "uringbench/base/clock.hpp"

namespace ub::role {
namespace {

std::uint64_t process_cpu_ns() {
  timespec time{};
  ::clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time);
  return static_cast<std::uint64_t>(time.tv_sec) * 1'000'000'000 +
         static_cast<std::uint64_t>(time.tv_nsec);
}

}  // namespace

void PauseWatch::begin() {
  running_ = true;
  schedstat_.reset(::open("/proc/thread-self/schedstat", O_RDONLY | O_CLOEXEC));
  longest_ns_ = 0;
  last_ns_ = now_ns();
  last_cpu_ns_ = process_cpu_ns();
  last_waited_ns_ = waited_ns();
}

/// How long this thread was ready to run and had to wait for a CPU (proc(5)): the second number. 0
/// where the kernel does not keep it.
std::uint64_t PauseWatch::waited_ns() const {
  std::array<char, 64> text{};
  if (::pread(schedstat_.get(), text.data(), text.size() - 1, 0) <= 0) return 0;
  char* second = nullptr;
  (void)std::strtoull(text.data(), &second, 10);
  return std::strtoull(second, nullptr, 10);
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
