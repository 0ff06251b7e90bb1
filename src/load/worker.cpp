#include "worker.hpp"

#include <algorithm>

#include "receive_loop.hpp"

namespace ub::load {

Worker::Worker(int cpu, std::vector<Connection> connections, Shared& shared)
    : cpu_(cpu),
      connections_(std::move(connections)),
      shared_(shared),
      buffer_(MappedMemory::anonymous(kBufferBytes)),
      lane_{connections_,
            {buffer_.data(), buffer_.size()},
            &tally_,
            &shared.failure,
            &shared.aborting} {
  if (connections_.size() > 1) epoll_ = watch_connections(lane_);
}

std::future<void> Worker::start() {
  // First touched on the thread, so that the pages are there, and near its CPU, before the first
  // byte arrives.
  const auto touch = [this] { std::fill_n(buffer_.data(), buffer_.size(), std::byte{0}); };
  return thread_.start({cpu_, "ub-receive", touch, [this] { run(); }});
}

void Worker::run() {
  if (epoll_) {
    receive_with_epoll(lane_, epoll_.get());
  } else {
    receive_blocking(lane_);
  }
  shared_.finish_worker();
}

}  // namespace ub::load
