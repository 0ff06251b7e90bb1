#pragma once

#include <sys/epoll.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <cerrno>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <span>
#include <thread>
#include <vector>

#include "test_server.hpp"
#include "uringbench/load/crew.hpp"

namespace ub::load {

/// As small_case(), with requests of 100 bytes.
inline Case asking_case(std::uint32_t clients = 1) {
  Case c = small_case(clients);
  c.workload = Workload::rr;
  c.request_size_bytes = 100;
  c.depth = 1;
  return c;
}

/// Answers requests on all connections, in order, until each client has half-closed.
class Answerer {
 public:
  explicit Answerer(const Case& the_case)
      : case_(the_case),
        request_bytes_(the_case.request_size_bytes),
        messages_(net::shape_of(the_case), net::Layout::contiguous),
        response_(the_case.size_bytes) {}

  /// Called before response `index`, counted over all connections, is sent; it may change it.
  std::function<void(std::uint64_t index, std::span<std::byte> response)> before_answer;
  /// At first, until it has had `kHeldAnswers`, a connection is answered only when so many of its
  /// requests are there.
  std::uint64_t hold = 1;
  static constexpr std::uint64_t kHeldAnswers = 100;

  void operator()(std::vector<UniqueFd>& sockets) {
    const UniqueFd epoll(::epoll_create1(EPOLL_CLOEXEC));
    peers_.assign(sockets.size(), {});
    holding_ = sockets.size();
    for (std::size_t i = 0; i < sockets.size(); ++i) {
      epoll_event event{};
      event.events = EPOLLIN;
      event.data.u64 = i;
      ::epoll_ctl(epoll.get(), EPOLL_CTL_ADD, sockets[i].get(), &event);
    }
    for (std::size_t open = sockets.size(); open > 0;) {
      std::array<epoll_event, 64> events;
      const int ready = ::epoll_wait(epoll.get(), events.data(), events.size(), -1);
      for (int i = 0; i < ready; ++i) {
        const std::uint64_t peer = events[static_cast<std::size_t>(i)].data.u64;
        if (serve(sockets[peer].get(), peers_[peer])) continue;
        sockets[peer].reset();
        --open;
      }
    }
  }

  [[nodiscard]] std::uint64_t requests() const { return requests_; }
  [[nodiscard]] std::uint64_t answered() const { return answered_; }
  /// No connection has requests held back any more.
  [[nodiscard]] bool holds_none() const { return holding_ == 0; }
  /// On one connection at once, begun ones included.
  [[nodiscard]] std::uint64_t most_outstanding() const { return most_outstanding_; }

 private:
  struct Peer {
    std::uint64_t received_bytes = 0;
    std::uint64_t answered = 0;
  };

  bool serve(int fd, Peer& peer) {
    std::array<std::byte, 65'536> buffer;
    const ssize_t got = ::recv(fd, buffer.data(), buffer.size(), MSG_DONTWAIT);
    if (got < 0) return errno == EAGAIN;
    const std::uint64_t before = peer.received_bytes / request_bytes_;
    peer.received_bytes += static_cast<std::uint64_t>(got);
    const std::uint64_t whole = peer.received_bytes / request_bytes_;
    const std::uint64_t begun = (peer.received_bytes + request_bytes_ - 1) / request_bytes_;
    requests_ += whole - before;
    most_outstanding_ = std::max(most_outstanding_.load(), begun - peer.answered);
    if (got > 0 && peer.answered < kHeldAnswers && whole - peer.answered < hold) return true;
    while (peer.answered < whole) {
      if (!answer(fd, peer)) return false;
      if (peer.answered == kHeldAnswers) --holding_;
    }
    return got > 0;
  }

  bool answer(int fd, Peer& peer) {
    const auto index = static_cast<std::uint32_t>(peer.answered++ % messages_.count());
    std::copy_n(messages_.at(index), response_.size(), response_.begin());
    if (before_answer) before_answer(answered_, response_);
    ++answered_;
    return send_all(fd, response_);
  }

  Case case_;
  std::uint64_t request_bytes_;
  net::MessageSet messages_;
  std::vector<std::byte> response_;
  std::vector<Peer> peers_;
  std::atomic<std::size_t> holding_ = SIZE_MAX;
  std::atomic<std::uint64_t> requests_ = 0;
  std::atomic<std::uint64_t> answered_ = 0;
  std::atomic<std::uint64_t> most_outstanding_ = 0;
};

/// Whether `condition` comes true before soon(). It looks once a millisecond, as the threads of a
/// test need the CPUs themselves.
inline bool eventually(const std::function<bool()>& condition) {
  const std::uint64_t deadline_ns = soon();
  while (!condition()) {
    if (now_ns() > deadline_ns) return false;
    std::this_thread::sleep_for(std::chrono::milliseconds(1));
  }
  return true;
}

/// How many of the values are `least_ns` or more, give or take the bucket it lies in.
inline std::uint64_t count_from(const stats::Histogram& histogram, std::uint64_t least_ns) {
  std::uint64_t count = 0;
  for (const stats::HistogramRow& row : histogram.dump().rows) {
    if (row.lower_ns >= least_ns) count += row.count;
  }
  return count;
}

}  // namespace ub::load
