// uring: one reactor, driven by completions.
#include "uring_engine.hpp"

#include <poll.h>
#include <sys/socket.h>

#include <cerrno>

#include "ring_setup.hpp"
#include "uring_connection.hpp"
#include "uringbench/base/error.hpp"

namespace ub::engine {
namespace {

/// Buffer group of receives. Paths use groups by connection, whose numbers are smaller.
constexpr std::uint16_t kReceiveGroup = 0xffff;

}  // namespace

UringEngine::UringEngine(EngineSetup setup) : LoopEngine(std::move(setup)) {
  connections_.reserve(most_connections(setup_.the_case));
  parted_.reserve(most_connections(setup_.the_case));
}

UringEngine::~UringEngine() {
  finish(now_ns());
}

void UringEngine::tear_down() {
  if (ring_ && parts_after_answer()) ring_->submit_and_look();  // what it was asked to close
  if (ring_) book_system_calls();
  connections_.clear();  // their buffer rings belong to the ring
  shared_.reset();
  ring_.reset();  // it belongs to this thread, and so does its registered descriptor
}

void UringEngine::set_up() {
  const Case& c = setup_.the_case;
  ring_.emplace(ring_options(c));
  if (c.ring.registered_files == Switch::on) ring_->register_file_table(most_connections(c));
  if (setup_.receive != nullptr && setup_.receive->make_shared) {
    shared_ = setup_.receive->make_shared({.ring = &*ring_,
                                           .connections = most_connections(c),
                                           .buffer_bytes = receive_size_bytes(c),
                                           .group = kReceiveGroup});
  }
  if (setup_.path->registered_memory) register_messages(*ring_, messages_.region());
  granted_ = granted_by(*ring_);
  granted_["zero_copy_report_usage"] = setup_.report_usage ? "yes" : "no";
  if (setup_.listener) arm_accept();
  for (UniqueFd& socket : setup_.sockets) add_connection(std::move(socket));
  arm_wakeup();
}

void UringEngine::run() {
  while (!done()) {
    wait();
    ring_->for_each_completion(
        [this](const uring::Completion& completion) { dispatch(completion); });
    for (const std::uint32_t number : parted_) connections_.take(number);
    parted_.clear();
    book_system_calls();
    if (ring_->error() != 0) [[unlikely]] {
      return stop(describe_loop_failure("io_uring_enter", ring_->error()));
    }
    if (control_.expired()) return stop(describe_stalled(open_));
  }
}

void UringEngine::wait() {
  constexpr std::uint64_t kLookAgainNs = 10'000'000;  // the deadline is not a completion
  if (setup_.the_case.wait == Wait::spin) {
    ring_->submit_and_look();
  } else if (control_.finishing()) {
    ring_->submit_and_wait(kLookAgainNs);
  } else {
    ring_->submit_and_wait();
  }
}

void UringEngine::dispatch(const uring::Completion& completion) {
  switch (const std::uint64_t owner = owner_of(completion)) {
    case kAccept:
      return accepted(completion);
    case kWakeup:
      return control_spoke(completion);
    case kCancel:
    case kClose:
      return;
    default:
      if ((owner & kReceive) != 0) return received(connections_[owner & ~kReceive], completion);
      return completed(connections_[owner], completion);
  }
}

void UringEngine::arm_wakeup() {
  io_uring_sqe& sqe = ring_->next_sqe();
  ::io_uring_prep_poll_multishot(&sqe, control_.fd(), POLLIN);
  sqe.user_data = owner_bits(kWakeup);
}

/// A receive request has completed: what it brought may be owed an answer.
void UringEngine::received(Connection& connection, const uring::Completion& completion) {
  connection.completed(completion);
  using State = Connection::State;
  if (connection.state == State::closed) return;
  const receive::ReceiveProgress progress =
      connection.receive_path->complete(completion, connection.sink);
  if (connection.state == State::failed || connection.state == State::parting) {
    return close_if_unused(connection);
  }
  const Arrival arrival = connection.stream.take_in(progress);
  if (arrival == Arrival::failed) {
    return fail(connection, describe_receive_failure(connection.number, progress.error));
  }
  if (progress.armed == receive::Armed::no && connection.stream.wants_more()) {
    tally_.arrivals.rearmed.add(1);
    connection.submit_receive();
  }
  if (started_ && connection.state == State::idle) go_on(connection);
}

/// The controlling thread has spoken: connections that rest look at what they are to do now.
void UringEngine::control_spoke(const uring::Completion& completion) {
  control_.clear();
  if (!completion.more()) arm_wakeup();
  started_ = true;
  if (parts_after_answer() && control_.finishing()) return turn_away_the_rest();
  connections_.for_each([this](Connection& connection) {
    const bool idle = connection.state == Connection::State::idle;
    const bool waits = connection.state == Connection::State::awaits_release;
    if (idle || (waits && control_.finishing())) go_on(connection);
  });
}

void UringEngine::completed(Connection& connection, const uring::Completion& completion) {
  tally_.sends.completions.add();
  connection.completed(completion);
  if (connection.state == Connection::State::closed) return;
  const path::SendProgress progress =
      connection.path->complete(label_of(completion), completion, releases_);
  if (connection.state == Connection::State::failed ||
      connection.state == Connection::State::parting) {
    return completed_late(connection, progress);
  }
  const Next next = connection.stream.account(progress);
  const bool released = !releases_.empty();
  if (!connection.stream.account(releases_)) {
    return fail(connection, describe_send_failure(connection.number, EPROTO));
  }
  if (progress.watch == path::Watch::ended) connection.submit_watch();
  after(connection, next, progress.error);
  // After Next::operation it has looked at the releases already.
  if (released && next != Next::operation && connection.waits_for_buffers()) go_on(connection);
}

/// A connection has failed, or parts: what was accepted and released all the same is booked, but
/// the ways in which its other requests end are not further errors.
void UringEngine::completed_late(Connection& connection, const path::SendProgress& progress) {
  if (progress.state != path::SendState::failed) (void)connection.stream.account(progress);
  (void)connection.stream.account(releases_);
  close_if_unused(connection);
}

void UringEngine::after(Connection& connection, Next next, int error) {
  switch (next) {
    case Next::operation:
      return go_on(connection);
    case Next::rest:
    case Next::writable:
      return connection.submit_send();
    case Next::wait:
      return;
    case Next::release:
      tally_.sends.buffer_waits.add(1);
      connection.state = Connection::State::awaits_release;
      return;
    case Next::failed:
      return fail(connection, describe_send_failure(connection.number, error));
  }
}

/// Continues the operation, or begins the next, or ends the connection.
void UringEngine::go_on(Connection& connection) {
  if (connection.stream.in_operation()) return connection.submit_send();
  if (ends(connection)) return drain(connection);
  if (!connection.stream.has_credit()) {
    connection.state = Connection::State::idle;
    return;
  }
  if (!connection.stream.has_room()) {
    tally_.sends.buffer_waits.add(1);
    connection.state = Connection::State::awaits_release;
    return;
  }
  connection.stream.begin();
  connection.submit_send();
}

/// A stream ends when it is told to; a connection that receives, when its client has ended it.
bool UringEngine::ends(const Connection& connection) const {
  return connection.receive_path ? connection.stream.answered_all() : control_.finishing();
}

void UringEngine::drain(Connection& connection) {
  connection.state = Connection::State::draining;
  if (connection.stream.holds_buffers()) return;
  if (parts_after_answer()) return part(connection);
  ::shutdown(connection.socket.get(), SHUT_WR);
  close(connection.state);
}

/// The connection is of no more use, but its memory may be in the kernel's hands: it is kept until
/// its last request has completed.
void UringEngine::fail(Connection& connection, std::string description) {
  if (connection.state == Connection::State::failed) return;
  failure_.set(std::move(description));
  reset(connection);
  close_if_unused(connection);
}

void UringEngine::reset(Connection& connection) {
  connection.state = Connection::State::failed;
  reset_socket(connection.socket.get());
  if (connection.requests > 0) connection.submit_cancel();
}

void UringEngine::close_if_unused(Connection& connection) {
  if (connection.requests > 0) return;
  if (connection.state == Connection::State::parting) {
    connection.leave_table();
    connection.submit_close();
    parted_.push_back(connection.number);
  }
  close(connection.state);
}

/// Requests end when their socket is cut; buffers come back when it is closed.
void UringEngine::stop(std::string why) {
  failure_.set(std::move(why));
  connections_.for_each([this](Connection& connection) {
    if (connection.state != Connection::State::closed) reset(connection);
  });
  constexpr std::uint64_t kTickNs = 10'000'000;
  ring_->submit_and_wait(kTickNs);  // the cancellations name descriptors that must still be open
  connections_.for_each([this](Connection& connection) {
    if (connection.state != Connection::State::failed) return;
    connection.leave_table();
    connection.socket.reset();
    close_if_unused(connection);
  });
  for (int tick = 0; open_ > 0 && tick < 100; ++tick) {
    ring_->for_each_completion(
        [this](const uring::Completion& completion) { dispatch(completion); });
    ring_->submit_and_wait(kTickNs);
  }
}

void UringEngine::book_system_calls() {
  tally_.sends.system_calls.add(ring_->enters() - enters_booked_);
  enters_booked_ = ring_->enters();
  tally_.sends.cq_overflows.add(ring_->overflows() - overflows_booked_);
  overflows_booked_ = ring_->overflows();
}

}  // namespace ub::engine
