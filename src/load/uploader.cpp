// The clients of workload `upload`: they send the messages of the case's message set, in order,
// over and over, 256 KiB or one message a call, whichever is more.
#include <fmt/format.h>
#include <sys/socket.h>

#include <algorithm>
#include <cerrno>

#include "generator.hpp"
#include "uringbench/net/message_set.hpp"
#include "watcher.hpp"

namespace ub::load {
namespace {

/// Enough for the cost of a call to vanish, few enough to stay in the second-level cache.
constexpr std::uint64_t kChunkBytes = 256U << 10U;

struct Upload : Connection {
  std::uint64_t next = 0;  ///< byte of the message set that goes next
  bool half_closed = false;
};

/// A thread with one connection blocks in send(2); a thread with several waits in epoll_wait(2) and
/// makes one send(2) to each ready connection, so that none starves.
class Uploading final : public Worker {
 public:
  Uploading(const Job& job, std::span<const std::byte> messages, std::uint64_t chunk_bytes)
      : control_(job.control), tally_(job.tally), messages_(messages), chunk_bytes_(chunk_bytes) {
    for (const Connection& connection : job.connections) uploads_.push_back(Upload{connection});
    if (uploads_.size() == 1) return;
    watcher_.emplace();
    watcher_->add_wake(control_->wake.get());
    for (Upload& upload : uploads_) {
      net::set_blocking(upload.fd, net::Blocking::no);
      watcher_->add(upload, EPOLLOUT);
    }
  }

  void run() override {
    control_->await_go();
    watcher_ ? run_several() : run_one();
  }

 private:
  void run_one() {
    Upload& upload = uploads_.front();
    while (!control_->stopping()) {
      if (!send_once(upload)) return;
    }
    half_close(upload);
    while (await_end(upload)) {
    }
  }

  void run_several() {
    for (std::size_t open = uploads_.size(); open > 0;) {
      for (const epoll_event& event : watcher_->wait()) {
        auto* const upload = Watcher::connection_of<Upload>(event);
        if (upload == nullptr) continue;  // the wake-up: the phase is looked at below
        if (serve(*upload)) continue;
        watcher_->forget(*upload);
        --open;
      }
      if (!control_->stopping()) continue;
      // Those whose socket is full would not become ready: what is in it arrives all the same.
      for (Upload& upload : uploads_) {
        if (!upload.half_closed) half_close(upload);
      }
    }
  }

  /// True while the connection lives, as are all of these.
  bool serve(Upload& upload) {
    if (upload.half_closed) return await_end(upload);
    if (!control_->stopping()) return send_once(upload);
    half_close(upload);
    return true;
  }

  bool send_once(Upload& upload) {
    const auto rest = messages_.subspan(upload.next);
    const std::size_t length = std::min<std::size_t>(rest.size(), chunk_bytes_);
    const ssize_t sent = ::send(upload.fd, rest.data(), length, MSG_NOSIGNAL);
    if (sent < 0) {
      if (errno == EAGAIN || errno == EINTR) return true;
      return end(upload, errno);
    }
    const auto bytes = static_cast<std::uint64_t>(sent);
    tally_->sent_bytes.add(bytes);
    tally_->send_calls.add();
    upload.next += bytes;
    if (upload.next == messages_.size()) upload.next = 0;
    return true;
  }

  /// The end of the stream; from now on only the server's end is waited for.
  void half_close(Upload& upload) {
    upload.half_closed = true;
    ::shutdown(upload.fd, SHUT_WR);
    if (watcher_) watcher_->set_interest(upload, EPOLLIN);
  }

  bool await_end(Upload& upload) {
    std::byte unasked{};
    const ssize_t got = ::recv(upload.fd, &unasked, sizeof unasked, 0);
    if (got < 0 && (errno == EAGAIN || errno == EINTR)) return true;
    if (got > 0) return end(upload, EPROTO);
    return end(upload, got == 0 ? 0 : errno);
  }

  bool end(Upload& upload, int error) {
    if (error != 0) {
      control_->report({.kind = Failure::Kind::send, .client = upload.client, .error = error});
      reset_connection(upload);
    }
    upload.half_closed = true;
    tally_->ended.add();
    return false;
  }

  Control* control_;
  Tally* tally_;
  std::span<const std::byte> messages_;
  std::uint64_t chunk_bytes_;  ///< most a call
  std::vector<Upload> uploads_;
  std::optional<Watcher> watcher_;  ///< none with one connection
};

class Uploader final : public Generator {
 public:
  explicit Uploader(const Case& the_case)
      : messages_(net::shape_of(the_case), net::Layout::contiguous),
        chunk_bytes_(std::max(kChunkBytes, the_case.size_bytes)) {}

  [[nodiscard]] const char* thread_name() const override { return "ub-upload"; }

  std::unique_ptr<Worker> make_worker(Job job) override {
    return std::make_unique<Uploading>(job, messages_.region(), chunk_bytes_);
  }

  void describe(Facts& facts, std::span<const Placement> placements) const override {
    facts["upload_threads"] = fmt::to_string(placements.size());
    facts["upload_loop"] = placements.back().clients == 1 ? "send" : "epoll + send";
  }

 private:
  net::MessageSet messages_;
  std::uint64_t chunk_bytes_;
};

}  // namespace

std::unique_ptr<Generator> make_uploader(const CrewSetup& setup) {
  return std::make_unique<Uploader>(setup.the_case);
}

}  // namespace ub::load
