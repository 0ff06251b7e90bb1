// How connections come to the event loop, and how those of one request each go.
#include <sys/socket.h>

#include <cerrno>
#include <vector>

#include "epoll_connection.hpp"
#include "uringbench/base/error.hpp"

namespace ub::engine {
namespace {

/// However many connections wait, those that are open get their turn.
constexpr int kAcceptsPerWait = 64;

}  // namespace

bool EpollEngine::accepts_all() const {
  return parts_after_answer() && setup_.listener && setup_.the_case.accept == Accept::multi;
}

/// The listener is watched level-triggered: what is left makes the next event.
void EpollEngine::accept_waiting() {
  if (!accepts_all()) return void(accept_next());
  for (int i = 0; i < kAcceptsPerWait && accept_next(); ++i) {
  }
}

/// True when there may be another.
bool EpollEngine::accept_next() {
  if (parts_after_answer()) tally_.sends.system_calls.add(1);
  UniqueFd socket(::accept4(setup_.listener.get(), nullptr, nullptr, SOCK_CLOEXEC | SOCK_NONBLOCK));
  if (!socket) return not_accepted(errno);
  if (admits(socket.get())) add_connection(std::move(socket));
  return true;
}

void EpollEngine::add_connection(UniqueFd socket) {
  Connection* added = nullptr;
  try {
    added = &connections_.add(
        std::make_unique<Connection>(setup_, messages_, std::move(socket), tally_, clock_,
                                     connections_.next_number(), next_first_message()));
  } catch (const SetupError& error) {
    return failure_.set(error.what());
  }
  Connection& connection = *added;
  if (parts_after_answer()) tally_.sends.system_calls.add(1);
  const std::uint32_t readable = setup_.receive != nullptr ? EPOLLIN | EPOLLRDHUP : 0U;
  const int error =
      watch(connection.socket.get(), EPOLLOUT | EPOLLERR | EPOLLET | readable, &connection);
  ++open_;
  if (error != 0) {
    fail(connection, describe_loop_failure("epoll_ctl", error));
    return;
  }
  accepted_.add(1);
  make_ready(connection);
}

bool EpollEngine::not_accepted(int error) {
  if (error == EAGAIN) return false;
  if (concerns_one_client(error)) return true;
  failure_.set(describe_accept_failure(error));
  unwatch(setup_.listener.get());
  return false;
}

/// close(2) ends our side (FIN), and takes the socket out of the epoll instance (epoll(7)).
void EpollEngine::part(Connection& connection) {
  if (connection.stream.answered_any()) tally_.arrivals.connections.add(1);
  tally_.sends.system_calls.add(1);
  connection.socket.reset();
  LoopEngine::close(connection.state);
  parted_.push_back(&connection);
}

/// No event of theirs can come any more, but the next pass may still name them.
void EpollEngine::forget_parted() {
  std::erase_if(parted_, [this](Connection* connection) {
    if (connection->queued) return false;
    connections_.take(connection->number);
    return true;
  });
}

void EpollEngine::turn_away_the_rest() {
  connections_.for_each([this](Connection& connection) {
    if (connection.state == ConnectionState::closed) return;
    turn_away(connection.socket.get());
    close(connection);
  });
}

}  // namespace ub::engine
