#include "pinned_thread.hpp"

#include <pthread.h>

#include <exception>
#include <system_error>
#include <utility>

#include "uringbench/base/affinity.hpp"
#include "uringbench/base/error.hpp"

namespace ub::load {
namespace {

void run_pinned(const ThreadWork& work, std::promise<void> ready) {
  try {
    ::pthread_setname_np(::pthread_self(), work.name);
    pin_this_thread({work.cpu});
    work.prepare();
  } catch (const SetupError&) {
    ready.set_exception(std::current_exception());
    return;
  }
  ready.set_value();
  work.run();
}

}  // namespace

std::future<void> PinnedThread::start(ThreadWork work) {
  std::promise<void> ready;
  std::future<void> future = ready.get_future();
  try {
    thread_ = std::jthread([work = std::move(work), ready = std::move(ready)]() mutable {
      run_pinned(work, std::move(ready));
    });
  } catch (const std::system_error& error) {
    throw_setup_error("starting a thread of the load generator", error.code().value(),
                      "RLIMIT_NPROC (`ulimit -u`) or the cgroup's pids.max may be too low");
  }
  return future;
}

}  // namespace ub::load
