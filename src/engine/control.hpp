#pragma once

#include <atomic>
#include <cstdint>
#include <future>
#include <limits>
#include <utility>

#include "uringbench/base/clock.hpp"
#include "uringbench/base/thread.hpp"
#include "wakeup.hpp"

namespace ub::engine {

/// What the controlling thread tells a loop that runs in a thread of its own (epoll, uring): go,
/// finish by a deadline. The loop is woken by wakeup() and reads the flags.
class Control {
 public:
  static constexpr std::uint64_t kNever = std::numeric_limits<std::uint64_t>::max();

  void go() {
    going_.store(true, std::memory_order_release);
    wakeup_.signal();
  }
  void finish(std::uint64_t deadline_ns) {
    deadline_ns_.store(deadline_ns, std::memory_order_release);
    wakeup_.signal();
  }

  [[nodiscard]] bool going() const { return going_.load(std::memory_order_acquire); }
  [[nodiscard]] bool finishing() const { return deadline() != kNever; }
  [[nodiscard]] bool expired() const { return finishing() && now_ns() >= deadline(); }
  [[nodiscard]] std::uint64_t deadline() const {
    return deadline_ns_.load(std::memory_order_acquire);
  }
  [[nodiscard]] const Wakeup& wakeup() const { return wakeup_; }

 private:
  std::atomic<bool> going_{false};
  std::atomic<std::uint64_t> deadline_ns_{kNever};
  Wakeup wakeup_;
};

/// Runs a loop in a thread of its own and hands what its set-up throws to the thread that starts
/// it.
class LoopThread {
 public:
  LoopThread() = default;
  LoopThread(const LoopThread&) = delete;
  LoopThread& operator=(const LoopThread&) = delete;
  ~LoopThread() { join(); }

  /// `loop(ready)` must call `ready()` once, when its set-up is done.
  template <typename Loop>
  void start(Loop loop) {
    std::promise<void> ready;
    std::future<void> is_ready = ready.get_future();
    thread_ = start_thread(
        "the engine's thread", [loop = std::move(loop), ready = std::move(ready)]() mutable {
          bool told = false;
          try {
            loop([&] {
              told = true;
              ready.set_value();
            });
          } catch (...) {
            if (told)
              throw;  // a failure in mid-run is a bug of the loop: it must note it, not throw
            ready.set_exception(std::current_exception());
          }
        });
    is_ready.get();
  }

  void join() {
    if (thread_.joinable()) thread_.join();
  }

 private:
  std::jthread thread_;
};

}  // namespace ub::engine
