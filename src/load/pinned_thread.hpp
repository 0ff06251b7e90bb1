#pragma once

#include <functional>
#include <future>
#include <thread>

namespace ub::load {

/// What one thread of the load generator does, and where.
struct ThreadWork {
  int cpu = 0;
  const char* name = "";          ///< 15 characters at most (pthread_setname_np(3))
  std::function<void()> prepare;  ///< on the thread, pinned; may throw SetupError
  std::function<void()> run;      ///< then; must not throw
};

/// A thread that runs on one CPU. Joined when it goes.
class PinnedThread {
 public:
  /// Starts the thread. The future is ready when `prepare` is done; it holds SetupError if the
  /// thread could not be pinned or prepared, and then `run` is not called. Throws SetupError.
  std::future<void> start(ThreadWork work);

 private:
  std::jthread thread_;
};

}  // namespace ub::load
