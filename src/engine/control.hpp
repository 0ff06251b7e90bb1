#pragma once

#include <sys/eventfd.h>
#include <unistd.h>

#include <atomic>
#include <cerrno>
#include <cstdint>
#include <future>
#include <limits>
#include <utility>

#include "uringbench/base/clock.hpp"
#include "uringbench/base/thread.hpp"
#include "uringbench/base/unique_fd.hpp"

namespace ub::engine {

/// What the controlling thread tells those that serve: go, finish by a deadline. A thread that
/// waits for descriptors is woken by the eventfd(2) and then reads the flags; it clear()s the event
/// first, so that what is said meanwhile wakes it again.
class Control {
 public:
  static constexpr std::uint64_t kNever = std::numeric_limits<std::uint64_t>::max();

  /// Throws SetupError.
  Control() : event_(::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)) {
    if (!event_) throw_setup_error("opening an eventfd", errno, "raise `ulimit -n`");
  }

  void go() {
    going_.store(true);
    going_.notify_all();
    signal();
  }
  /// Those that still wait for go() go, so that they see that it is over.
  void finish(std::uint64_t deadline_ns) {
    deadline_ns_.store(deadline_ns, std::memory_order_release);
    go();
  }

  /// True also while finishing.
  [[nodiscard]] bool going() const { return going_.load(std::memory_order_acquire); }
  void wait_for_go() const { going_.wait(false); }
  [[nodiscard]] bool finishing() const { return deadline() != kNever; }
  [[nodiscard]] bool expired() const { return finishing() && now_ns() >= deadline(); }
  [[nodiscard]] std::uint64_t deadline() const {
    return deadline_ns_.load(std::memory_order_acquire);
  }

  /// Readable after each word of the controlling thread.
  [[nodiscard]] int fd() const { return event_.get(); }
  void clear() const {
    std::uint64_t count = 0;
    (void)!::read(event_.get(), &count, sizeof count);
  }

 private:
  void signal() const {
    const std::uint64_t one = 1;
    (void)!::write(event_.get(), &one, sizeof one);  // can only fail when it is signalled already
  }

  std::atomic<bool> going_{false};
  std::atomic<std::uint64_t> deadline_ns_{kNever};
  UniqueFd event_;
};

/// Runs a loop in a thread of its own and hands what its set-up throws to the thread that starts
/// it.
class LoopThread {
 public:
  LoopThread() = default;
  LoopThread(const LoopThread&) = delete;
  LoopThread& operator=(const LoopThread&) = delete;
  ~LoopThread() { join(); }

  /// `loop(ready)` must call `ready()` once, when its set-up is done, and not throw after it.
  /// Throws SetupError when there is no thread to be had.
  template <typename Loop>
  void start(Loop loop) {
    std::promise<void> ready;
    std::future<void> is_ready = ready.get_future();
    thread_ = start_thread("the engine's thread",
                           [loop = std::move(loop), ready = std::move(ready)]() mutable {
                             bool told = false;
                             try {
                               loop([&] {
                                 told = true;
                                 ready.set_value();
                               });
                             } catch (...) {
                               if (told) throw;
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
