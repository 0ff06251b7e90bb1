// How connections come to the reactor, and how those of one request each go.
#include <fmt/format.h>
#include <sys/socket.h>

#include <cerrno>

#include "uring_connection.hpp"
#include "uring_engine.hpp"
#include "uringbench/base/error.hpp"

namespace ub::engine {

void UringEngine::arm_accept() {
  io_uring_sqe& sqe = ring_->next_sqe();
  if (setup_.the_case.accept == Accept::multi) {
    ::io_uring_prep_multishot_accept(&sqe, setup_.listener.get(), nullptr, nullptr, SOCK_CLOEXEC);
  } else {
    ::io_uring_prep_accept(&sqe, setup_.listener.get(), nullptr, nullptr, SOCK_CLOEXEC);
  }
  sqe.user_data = owner_bits(kAccept);
}

void UringEngine::accepted(const uring::Completion& completion) {
  if (completion.result >= 0) {
    UniqueFd socket(completion.result);
    if (admits(socket.get())) add_connection(std::move(socket));
  } else if (!concerns_one_client(-completion.result)) {
    return failure_.set(describe_accept_failure(-completion.result));
  }
  if (!completion.more()) arm_accept();
}

void UringEngine::add_connection(UniqueFd socket) {
  const std::uint32_t number = connections_.next_number();
  const Connection::Shared shared{.setup = setup_,
                                  .messages = messages_,
                                  .ring = *ring_,
                                  .receive = shared_.get(),
                                  .tally = tally_,
                                  .clock = clock_,
                                  .first_message = next_first_message()};
  Connection* added = nullptr;
  try {
    added = &connections_.add(std::make_unique<Connection>(shared, std::move(socket), number));
  } catch (const SetupError& error) {
    return failure_.set(error.what());
  }
  Connection& connection = *added;
  if (const int error = connection.enter_table(); error != 0) {
    return failure_.set(fmt::format("registering the socket of client {}: {}", connection.number,
                                    describe_errno(error)));
  }
  connection.submit_watch();
  ++open_;
  accepted_.add(1);
  if (connection.receive_path) connection.submit_receive();
  if (started_) go_on(connection);
}

/// The socket is closed by the ring, for no system call of its own. What is still asked of it (a
/// multishot receive) would keep it open, and is cancelled first.
void UringEngine::part(Connection& connection) {
  if (connection.stream.answered_any()) tally_.arrivals.connections.add(1);
  connection.state = Connection::State::parting;
  if (connection.requests > 0) connection.submit_cancel();
  close_if_unused(connection);
}

void UringEngine::turn_away_the_rest() {
  connections_.for_each([this](Connection& connection) {
    using State = Connection::State;
    if (connection.state == State::closed || connection.state == State::parting) return;
    turn_away(connection.socket.get());
    connection.state = State::parting;
    if (connection.requests > 0) connection.submit_cancel();
    close_if_unused(connection);
  });
}

}  // namespace ub::engine
