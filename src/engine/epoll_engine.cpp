// epoll: one event loop that sends first and waits when it must.
#include "epoll_engine.hpp"

#include <sys/socket.h>

#include <cerrno>

#include "epoll_connection.hpp"
#include "uringbench/base/error.hpp"
#include "uringbench/net/socket.hpp"

namespace ub::engine {
namespace {

/// While connections are ready the loop looks for events only after so many sends: epoll_wait(2)
/// would otherwise be a second system call for every message.
constexpr std::uint32_t kSendsPerWait = 64;

constexpr std::size_t kEventsPerWait = 256;

}  // namespace

EpollEngine::EpollEngine(EngineSetup setup)
    : LoopEngine(std::move(setup)),
      receive_bytes_(receive_size_bytes(setup_.the_case)),
      events_(kEventsPerWait) {
  const std::uint32_t most = most_connections(setup_.the_case);
  connections_.reserve(most);
  parted_.reserve(most);
  ready_.reserve(most);
  serving_.reserve(most);
}

EpollEngine::~EpollEngine() {
  finish(now_ns());
}

void EpollEngine::set_up() {
  epoll_.reset(::epoll_create1(EPOLL_CLOEXEC));
  if (!epoll_) throw_setup_error("epoll_create1", errno, "raise `ulimit -n`");
  int error = setup_.listener ? watch(setup_.listener.get(), EPOLLIN, this) : 0;
  if (error == 0) error = watch(control_.fd(), EPOLLIN, &control_);
  if (error != 0) throw SetupError(describe_loop_failure("epoll_ctl", error));
  if (accepts_all()) net::set_blocking(setup_.listener.get(), net::Blocking::no);
  for (UniqueFd& socket : setup_.sockets) {
    net::set_blocking(socket.get(), net::Blocking::no);
    add_connection(std::move(socket));
  }
}

/// `what` comes back in the event: the engine itself for the listener, its control, or a
/// connection.
int EpollEngine::watch(int fd, std::uint32_t events, void* what) {
  epoll_event event{.events = events, .data = {.ptr = what}};
  return ::epoll_ctl(epoll_.get(), EPOLL_CTL_ADD, fd, &event) == 0 ? 0 : errno;
}

void EpollEngine::unwatch(int fd) {
  ::epoll_ctl(epoll_.get(), EPOLL_CTL_DEL, fd, nullptr);
}

void EpollEngine::run() {
  while (!done()) {
    if (const int error = wait(); error != 0) {
      return stop(describe_loop_failure("epoll_wait", error));
    }
    if (control_.expired()) return stop(describe_stalled(open_));
    serve_ready();
    if (!parted_.empty()) forget_parted();
  }
}

int EpollEngine::wait() {
  if (!ready_.empty() && sends_since_wait_ < kSendsPerWait) return 0;
  sends_since_wait_ = 0;
  int timeout_ms = ready_.empty() && setup_.the_case.wait == Wait::block ? -1 : 0;
  // While finishing, wake up now and then to see the deadline pass.
  if (timeout_ms < 0 && control_.finishing()) timeout_ms = 10;
  tally_.sends.system_calls.add(1);
  const int count =
      ::epoll_wait(epoll_.get(), events_.data(), static_cast<int>(events_.size()), timeout_ms);
  if (count < 0 && errno != EINTR) return errno;
  for (int i = 0; i < count; ++i) dispatch(events_[static_cast<std::size_t>(i)]);
  return 0;
}

void EpollEngine::dispatch(const epoll_event& event) {
  if (event.data.ptr == this) return accept_waiting();
  if (event.data.ptr == &control_) {
    control_.clear();
    return start_all();
  }
  auto& connection = *static_cast<Connection*>(event.data.ptr);
  const bool awaits = connection.state == ConnectionState::awaits_release ||
                      connection.state == ConnectionState::draining;
  const bool looks = awaits || setup_.the_case.notify.when != Notify::lazy;
  if ((event.events & EPOLLERR) != 0 && looks) {
    reap(connection);
    if (connection.state == ConnectionState::awaits_release) {
      connection.state = ConnectionState::idle;
    }
  }
  if ((event.events & (EPOLLIN | EPOLLRDHUP | EPOLLHUP)) != 0) connection.readable = true;
  if ((event.events & (EPOLLRDHUP | EPOLLHUP)) != 0) connection.hung_up = true;
  make_ready(connection);
}

void EpollEngine::make_ready(Connection& connection) {
  if (connection.queued || connection.state == ConnectionState::closed || !started_) return;
  connection.queued = true;
  ready_.push_back(&connection);
}

/// The controlling thread has spoken: every connection looks at what it is to do now.
void EpollEngine::start_all() {
  started_ = control_.going();
  if (parts_after_answer() && control_.finishing()) return turn_away_the_rest();
  connections_.for_each([this](Connection& connection) { make_ready(connection); });
}

/// Each ready connection gets one operation a pass, so that none waits for another's backlog.
void EpollEngine::serve_ready() {
  serving_.swap(ready_);
  for (Connection* connection : serving_) {
    connection->queued = false;
    if (connection->state != ConnectionState::closed && serve(*connection)) make_ready(*connection);
  }
  serving_.clear();
}

/// True when the connection can go on at once.
bool EpollEngine::serve(Connection& connection) {
  if (connection.stream.in_operation()) return send(connection);
  if (connection.receive_path) return serve_client(connection);
  if (control_.finishing()) return drain(connection);
  return send_next(connection);
}

/// Answers what is owed before it looks for more.
bool EpollEngine::serve_client(Connection& connection) {
  if (connection.stream.answered_all()) return drain(connection);
  if (connection.stream.has_credit()) return send_next(connection);
  return connection.readable && receive(connection);
}

bool EpollEngine::send_next(Connection& connection) {
  if (!connection.stream.has_room())
    return await_release(connection, ConnectionState::awaits_release);
  connection.stream.begin();
  return send(connection);
}

bool EpollEngine::send(Connection& connection) {
  ++sends_since_wait_;
  const path::SendProgress progress = connection.path->send(connection.stream.payload());
  return after(connection, connection.stream.account(progress), progress.error);
}

/// Answers in the same pass, as a server would that wants its latency low.
bool EpollEngine::receive(Connection& connection) {
  ++sends_since_wait_;
  const receive::ReceiveProgress progress =
      connection.receive_path->receive(receive::Patience::do_not_wait, connection.sink);
  switch (connection.stream.take_in(progress)) {
    case Arrival::some:
      // A buffer that was not filled emptied the socket, and the next byte makes an edge
      // (epoll(7)); TCP_ZEROCOPY_RECEIVE stops short for other reasons.
      connection.readable = connection.hung_up || progress.bytes == receive_bytes_ ||
                            setup_.receive->delivery == receive::Delivery::mapped;
      return connection.stream.has_credit() ? send_next(connection) : connection.readable;
    case Arrival::nothing:
      connection.readable = false;
      return false;
    case Arrival::ended:
      return true;
    case Arrival::failed:
      return fail(connection, describe_receive_failure(connection.number, progress.error));
  }
  return false;
}

bool EpollEngine::after(Connection& connection, Next next, int error) {
  switch (next) {
    case Next::operation:
    case Next::rest:
      return true;
    case Next::wait:
    case Next::writable:
      return false;
    case Next::release:
      return await_release(connection, ConnectionState::awaits_release);
    case Next::failed:
      return fail(connection, describe_send_failure(connection.number, error));
  }
  return false;
}

/// Looks once itself: the edge may have passed while nobody waited for it.
bool EpollEngine::await_release(Connection& connection, ConnectionState meanwhile) {
  tally_.sends.buffer_waits.add(1);
  const std::uint32_t held = connection.stream.attempts_held();
  reap(connection);
  if (connection.state == ConnectionState::closed) return false;
  const bool some_came = connection.stream.attempts_held() != held;
  connection.state = some_came ? ConnectionState::idle : meanwhile;
  return some_came;
}

void EpollEngine::reap(Connection& connection) {
  if (connection.state == ConnectionState::closed) return;
  const path::Reaped reaped = connection.path->reap(releases_);
  tally_.sends.system_calls.add(reaped.system_calls);
  tally_.zero_copy.notifications.add(reaped.notifications);
  if (reaped.error != 0) {
    fail(connection, describe_send_failure(connection.number, reaped.error));
  } else if (!connection.stream.account(releases_)) {
    fail(connection, describe_send_failure(connection.number, EPROTO));
  }
}

bool EpollEngine::drain(Connection& connection) {
  if (connection.stream.holds_buffers()) {
    return await_release(connection, ConnectionState::draining);
  }
  if (parts_after_answer()) {
    part(connection);
    return false;
  }
  ::shutdown(connection.socket.get(), SHUT_WR);
  close(connection);
  return false;
}

bool EpollEngine::fail(Connection& connection, std::string description) {
  failure_.set(std::move(description));
  reset_socket(connection.socket.get());
  close(connection);
  return false;
}

void EpollEngine::close(Connection& connection) {
  if (connection.state == ConnectionState::closed) return;
  unwatch(connection.socket.get());
  LoopEngine::close(connection.state);
}

void EpollEngine::stop(std::string why) {
  failure_.set(std::move(why));
  connections_.for_each([this](Connection& connection) {
    if (connection.state == ConnectionState::closed) return;
    reset_socket(connection.socket.get());
    close(connection);
  });
}

}  // namespace ub::engine
