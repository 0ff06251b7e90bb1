// The clients of workload `stream`: they only receive.
#include <fmt/format.h>
#include <sys/socket.h>

#include <algorithm>
#include <cerrno>

#include "generator.hpp"
#include "uringbench/base/error.hpp"
#include "uringbench/base/mapped_memory.hpp"
#include "watcher.hpp"

namespace ub::load {
namespace {

enum class Step { goes_on, ended };

/// A thread with one connection blocks in recv(2), which costs least (67-72 ns a KiB at 64 KiB
/// against 80 with epoll); a thread with several waits in epoll_wait(2) and takes one recv(2) from
/// each ready connection, so that none starves.
class Receiving final : public Worker {
 public:
  explicit Receiving(Job job)
      : job_(std::move(job)), buffer_(MappedMemory::anonymous(kReceiveBytes)) {
    if (job_.connections.size() == 1) return;
    watcher_.emplace();
    for (Connection& connection : job_.connections) {
      net::set_blocking(connection.fd, net::Blocking::no);
      watcher_->add(connection, EPOLLIN);
    }
  }

  /// First touched here, so that the pages are there, and near this CPU, before the first byte
  /// arrives.
  void prepare() override { std::fill_n(buffer_.data(), buffer_.size(), std::byte{0}); }

  void run() override { watcher_ ? run_several() : run_one(); }

 private:
  void run_one() {
    while (receive_once(job_.connections.front()) == Step::goes_on) {
    }
  }

  void run_several() {
    std::size_t open = job_.connections.size();
    while (open > 0) {
      for (const epoll_event& event : watcher_->wait()) {
        Connection& connection = *Watcher::connection_of(event);
        if (receive_once(connection) == Step::goes_on) continue;
        watcher_->forget(connection);
        --open;
      }
    }
  }

  /// One recv(2), counted and, if wanted, verified. An ended connection is counted too; its socket
  /// is shut down or reset, so that the server notices.
  Step receive_once(Connection& connection) {
    const SysResult got = from_errno(::recv(connection.fd, buffer_.data(), buffer_.size(), 0));
    job_.tally->receive_calls.add();
    if (!got.ok()) [[unlikely]] {
      if (got.error == EINTR || got.error == EAGAIN) return Step::goes_on;
      return fail(connection, {.kind = Failure::Kind::receive, .error = got.error});
    }
    if (got.value == 0) [[unlikely]] {
      return end(connection);
    }
    const auto count = static_cast<std::size_t>(got.value);
    if (connection.verifier) {
      const auto wrong = connection.verifier->take({buffer_.data(), count});
      if (wrong) return fail(connection, {.kind = Failure::Kind::wrong_byte, .mismatch = *wrong});
    }
    job_.tally->received_bytes.add(count);
    return Step::goes_on;
  }

  Step end(const Connection& connection) {
    const auto place = connection.verifier ? connection.verifier->end() : std::nullopt;
    if (place) return fail(connection, {.kind = Failure::Kind::cut_short, .mismatch = *place});
    // Our FIN tells the server that everything was taken.
    ::shutdown(connection.fd, SHUT_WR);
    job_.tally->ended.add();
    return Step::ended;
  }

  Step fail(const Connection& connection, Failure failure) {
    failure.client = connection.client;
    job_.control->report(failure);
    reset_connection(connection);
    job_.tally->ended.add();
    return Step::ended;
  }

  Job job_;
  MappedMemory buffer_;
  std::optional<Watcher> watcher_;  ///< none with one connection
};

class Receiver final : public Generator {
 public:
  [[nodiscard]] const char* thread_name() const override { return "ub-receive"; }

  std::unique_ptr<Worker> make_worker(Job job) override {
    return std::make_unique<Receiving>(std::move(job));
  }

  /// The first thread has the fewest clients and the last the most. "receive_buffer_bytes" of the
  /// socket options grows while the kernel tunes it.
  void describe(Facts& facts, std::span<const Placement> placements) const override {
    facts["receive_threads"] = fmt::to_string(placements.size());
    facts["receive_loop"] = placements.back().clients == 1   ? "recv"
                            : placements.front().clients > 1 ? "epoll + recv"
                                                             : "recv on some threads, epoll + recv "
                                                               "on others";
    facts["receive_chunk_bytes"] = fmt::to_string(kReceiveBytes);
  }
};

}  // namespace

std::unique_ptr<Generator> make_receiver(const CrewSetup& /*setup*/) {
  return std::make_unique<Receiver>();
}

}  // namespace ub::load
