// The clients of workloads whose requests have a connection each: a client connects, asks, receives
// the response, waits until the server has closed, closes, and begins again. As the server closes
// first, the state that a closed connection leaves behind for a minute (TIME_WAIT) is the server's
// (RFC 9293, 3.6), and no local port of a client stays taken.
//
// What the crew has connected stays open and carries nothing: by its end the server knows that the
// client has ended.
#include <fmt/format.h>
#include <sys/socket.h>

#include <algorithm>
#include <cerrno>

#include "caller.hpp"
#include "uringbench/base/clock.hpp"
#include "uringbench/base/mapped_memory.hpp"
#include "uringbench/net/dialer.hpp"
#include "uringbench/net/message_set.hpp"
#include "watcher.hpp"

namespace ub::load {
namespace {

/// What all threads share; read only.
struct Surroundings {
  const Case& the_case;
  const net::Dialer& dialer;
  const MessageFinder* finder;  ///< null: nothing is verified
  std::span<const std::byte> request;
};

class Reconnecting final : public Worker {
 public:
  Reconnecting(const Surroundings& surroundings, Job job)
      : surroundings_(surroundings),
        size_bytes_(surroundings.the_case.size_bytes),
        job_(std::move(job)),
        book_(job_.control->window),
        callers_(job_.connections.size()),
        open_(job_.connections.size()),
        buffer_(MappedMemory::anonymous(kReceiveBytes)) {
    watcher_.require_exact_timeouts();
    watcher_.add_wake(job_.control->wake.get());
    for (std::size_t i = 0; i < callers_.size(); ++i) {
      callers_[i].client = job_.connections[i].client;
      watcher_.add(job_.connections[i], EPOLLIN);
    }
  }

  void prepare() override { std::fill_n(buffer_.data(), buffer_.size(), std::byte{0}); }

  void run() override {
    job_.control->await_go();
    if (job_.control->running()) {
      for (Caller& caller : callers_) begin(caller);
    }
    const bool spins = surroundings_.the_case.client_wait == Wait::spin;
    while (open_ > 0 && !job_.control->aborting()) {
      if (job_.control->stopping() && !stopping_) stop();
      for (const epoll_event& event : watcher_.wait(spins ? 0 : Watcher::kForever)) {
        dispatch(event);
      }
    }
  }

  void add_to(LatencyReport& report) const override { book_.add_to(report); }

 private:
  using State = Caller::State;

  Tally& tally() { return *job_.tally; }

  /// The connection that the crew made for this client.
  Connection& session_of(const Caller& caller) {
    return job_.connections[static_cast<std::size_t>(&caller - callers_.data())];
  }

  [[nodiscard]] bool is_session(const Connection* connection) const {
    const std::vector<Connection>& sessions = job_.connections;
    return connection >= sessions.data() && connection < sessions.data() + sessions.size();
  }

  void dispatch(const epoll_event& event) {
    auto* const connection = Watcher::connection_of(event);
    if (connection == nullptr) return;
    if (is_session(connection)) return session_ended(*connection);
    auto& caller = *static_cast<Caller*>(connection);
    if ((event.events & (EPOLLRDHUP | EPOLLHUP | EPOLLERR)) != 0) caller.hung_up = true;
    serve(caller);
  }

  void begin(Caller& caller) {
    caller.ticket = {.planned_ns = now_ns()};
    caller.ticket.counted = book_.plan(caller.ticket.planned_ns);
    caller.hung_up = false;
    caller.sent_bytes = 0;
    caller.received_bytes = 0;
    if (surroundings_.finder != nullptr) caller.verifier.emplace(*surroundings_.finder);
    net::Dialer::Dialed dialed = surroundings_.dialer.dial();
    caller.socket = std::move(dialed.fd);
    caller.fd = caller.socket.get();
    if (dialed.error == 0) {
      dialed.error = watcher_.watch_edges(caller, EPOLLIN | EPOLLOUT | EPOLLRDHUP);
    }
    caller.state = State::connecting;
    if (dialed.error != 0) fail(caller, {.kind = Failure::Kind::connect, .error = dialed.error});
  }

  /// Something has happened on its connection.
  void serve(Caller& caller) {
    if (caller.state == State::connecting) {
      const int error = net::connect_error(caller.fd);
      if (error != 0) return fail(caller, {.kind = Failure::Kind::connect, .error = error});
      caller.ticket.sent_ns = now_ns();
      caller.state = State::sending;
    }
    if (caller.state == State::sending) {
      send(caller);
      if (!caller.hung_up) return;
    }
    while (caller.state == State::receiving || caller.state == State::closing) {
      if (!receive(caller)) return;
    }
  }

  /// Until all is sent, or the socket is full and the next edge goes on.
  void send(Caller& caller) {
    while (caller.state == State::sending) {
      const auto left = surroundings_.request.subspan(caller.sent_bytes);
      const ssize_t sent = ::send(caller.fd, left.data(), left.size(), MSG_DONTWAIT | MSG_NOSIGNAL);
      if (sent < 0 && errno == EAGAIN) return;
      if (sent < 0 && errno == EINTR) continue;
      if (sent < 0) return fail(caller, {.kind = Failure::Kind::send, .error = errno});
      tally().send_calls.add();
      tally().sent_bytes.add(static_cast<std::uint64_t>(sent));
      caller.sent_bytes += static_cast<std::uint64_t>(sent);
      if (caller.sent_bytes < surroundings_.request.size()) continue;
      tally().requests.add();
      caller.state = State::receiving;
    }
  }

  /// One recv(2). False when the next edge goes on.
  bool receive(Caller& caller) {
    const ssize_t got = ::recv(caller.fd, buffer_.data(), buffer_.size(), MSG_DONTWAIT);
    if (got == 0) {
      ended(caller);
      return false;
    }
    if (got < 0 && errno == EINTR) return true;
    if (got < 0 && errno == EAGAIN) return false;
    if (got < 0) {
      fail(caller, {.kind = Failure::Kind::receive, .error = errno});
      return false;
    }
    return take(caller, {buffer_.data(), static_cast<std::size_t>(got)});
  }

  /// False when the socket is empty: a buffer that was not filled says so (epoll(7)).
  bool take(Caller& caller, std::span<const std::byte> bytes) {
    const std::uint64_t now = now_ns();
    tally().receive_calls.add();
    if (caller.received_bytes + bytes.size() > size_bytes_) {
      fail(caller, {.kind = Failure::Kind::not_asked, .mismatch = {size_bytes_, 1, 0, 0, 0}});
      return false;
    }
    if (caller.verifier) {
      if (const auto wrong = caller.verifier->take(bytes)) {
        fail(caller, {.kind = Failure::Kind::wrong_byte, .mismatch = *wrong});
        return false;
      }
    }
    tally().received_bytes.add(bytes.size());
    caller.received_bytes += bytes.size();
    if (caller.received_bytes == size_bytes_) {
      tally().responses.add();
      book_.record_response(caller.ticket, now);
      caller.state = State::closing;
    }
    return bytes.size() == buffer_.size() || caller.hung_up;
  }

  /// The server has closed.
  void ended(Caller& caller) {
    const std::uint64_t got = caller.received_bytes;
    if (got == 0) return fail(caller, {.kind = Failure::Kind::closed_early, .unanswered = 1});
    if (got < size_bytes_) {
      return fail(caller, {.kind = Failure::Kind::cut_short, .mismatch = {got, 0, got, 0, 0}});
    }
    tally().connections.add();
    caller.socket.reset();
    caller.state = State::resting;
    if (!stopping_ && job_.control->running()) return begin(caller);
    if (stopping_) end_session(caller);
  }

  void fail(Caller& caller, Failure failure) {
    failure.client = caller.client;
    job_.control->report(failure);
    if (caller.socket) reset_connection(caller);
    caller.socket.reset();
    caller.state = State::gone;
    if (stopping_) end_session(caller);
  }

  /// What is under way goes on to its end.
  void stop() {
    stopping_ = true;
    for (Caller& caller : callers_) {
      if (caller.state == State::resting || caller.state == State::gone) end_session(caller);
    }
  }

  void end_session(const Caller& caller) {
    const Connection& session = session_of(caller);
    if (session.fd >= 0) ::shutdown(session.fd, SHUT_WR);
  }

  void session_ended(Connection& session) {
    std::byte unasked{};
    const ssize_t got = ::recv(session.fd, &unasked, sizeof unasked, MSG_DONTWAIT);
    if (got < 0 && (errno == EAGAIN || errno == EINTR)) return;
    Failure failure{.kind = Failure::Kind::receive, .client = session.client, .error = errno};
    if (got > 0) failure.kind = Failure::Kind::not_asked;
    if (got == 0) failure.kind = Failure::Kind::closed_early;
    if (got != 0 || !stopping_) job_.control->report(failure);
    watcher_.forget(session);
    session.fd = -1;
    tally().ended.add();
    --open_;
  }

  Surroundings surroundings_;
  std::uint64_t size_bytes_;
  Job job_;
  LatencyBook book_;
  std::vector<Caller> callers_;
  std::size_t open_;  ///< sessions
  MappedMemory buffer_;
  Watcher watcher_;
  bool stopping_ = false;
};

class Reconnector final : public Generator {
 public:
  explicit Reconnector(const CrewSetup& setup)
      : case_(setup.the_case),
        dialer_(setup.server, net::client_options(setup.the_case)),
        request_(setup.the_case.request_size_bytes) {
    net::fill_message(request_, 0);
    if (case_.verify == Switch::off) return;
    messages_.emplace(net::shape_of(case_), net::Layout::contiguous);
    finder_.emplace(*messages_);
  }

  [[nodiscard]] const char* thread_name() const override { return "ub-reconnect"; }
  std::unique_ptr<Worker> make_worker(Job job) override {
    const Surroundings surroundings{case_, dialer_, finder_ ? &*finder_ : nullptr, request_};
    return std::make_unique<Reconnecting>(surroundings, std::move(job));
  }
  void describe(Facts& facts, std::span<const Placement> placements) const override {
    facts["request_threads"] = fmt::to_string(placements.size());
    facts["request_loop"] = "closed, a connection for each request, closed by the server first";
    facts["request_wait"] = case_.client_wait == Wait::spin ? "spins on epoll" : "sleeps in epoll";
  }

 private:
  Case case_;
  net::Dialer dialer_;
  std::vector<std::byte> request_;
  std::optional<net::MessageSet> messages_;
  std::optional<MessageFinder> finder_;
};

}  // namespace

std::unique_ptr<Generator> make_reconnector(const CrewSetup& setup) {
  return std::make_unique<Reconnector>(setup);
}

}  // namespace ub::load
