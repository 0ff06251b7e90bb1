#include "worker.hpp"

#include <fmt/format.h>
#include <pthread.h>
#include <sys/eventfd.h>

#include <algorithm>
#include <exception>
#include <system_error>

#include "receive_loop.hpp"
#include "uringbench/base/affinity.hpp"
#include "uringbench/base/error.hpp"

namespace ub::load {

Worker::Worker(int cpu, std::vector<Connection> connections, Shared& shared)
    : cpu_(cpu),
      connections_(std::move(connections)),
      shared_(shared),
      buffer_(MappedMemory::anonymous(kBufferBytes)),
      lane_{connections_,
            {buffer_.data(), buffer_.size()},
            &progress_,
            &shared.failure,
            &shared.aborting} {
  if (connections_.size() > 1) epoll_ = watch_connections(lane_);
}

std::future<void> Worker::start() {
  std::promise<void> ready;
  std::future<void> future = ready.get_future();
  try {
    thread_ = std::jthread([this, ready = std::move(ready)]() mutable { run(std::move(ready)); });
  } catch (const std::system_error& error) {
    throw_setup_error("starting a receiving thread", error.code().value(),
                      "RLIMIT_NPROC (`ulimit -u`) or the cgroup's pids.max may be too low");
  }
  return future;
}

void Worker::run(std::promise<void> ready) {
  try {
    settle();
  } catch (const SetupError&) {
    ready.set_exception(std::current_exception());
    return;
  }
  ready.set_value();
  if (epoll_) {
    receive_with_epoll(lane_, epoll_.get());
  } else {
    receive_blocking(lane_);
  }
  finish();
}

void Worker::settle() const {
  ::pthread_setname_np(::pthread_self(), "ub-receive");
  pin_this_thread({cpu_});
  // First touched here, so that the pages are there, and near this CPU, before the first byte
  // arrives.
  std::fill_n(buffer_.data(), buffer_.size(), std::byte{0});
}

void Worker::finish() {
  if (shared_.unfinished.fetch_sub(1) == 1) ::eventfd_write(shared_.all_finished.get(), 1);
}

}  // namespace ub::load
