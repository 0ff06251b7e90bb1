// uring: one reactor, driven by completions.
#include "uring_engine.hpp"

#include <fmt/format.h>
#include <poll.h>
#include <sys/socket.h>

#include <algorithm>
#include <cerrno>

#include "accept_error.hpp"
#include "cut.hpp"
#include "receive_size.hpp"
#include "uringbench/base/check.hpp"
#include "uringbench/base/error.hpp"
#include "uringbench/base/units.hpp"
#include "uringbench/net/limits.hpp"

namespace ub::engine {
namespace {

/// Requests of the engine itself use connection numbers that no connection has.
enum Owner : std::uint64_t { kAccept = 0xfffffe, kWakeup = 0xfffffd, kCancel = 0xfffffc };

/// Set in the owner of a receive request, beside its connection's number.
constexpr std::uint64_t kReceive = 0x800000;

/// Buffer group of receives. Paths use groups by connection, whose numbers are smaller.
constexpr std::uint16_t kReceiveGroup = 0xffff;

constexpr unsigned kSubmissionEntries = 1024;

/// A zero-copy send completes twice, and a burst may come from every connection at once.
unsigned completion_entries(std::uint32_t clients) {
  return std::max(4096U, clients * 4U);
}

/// What the case asks, in the ring's own terms.
uring::RingOptions ring_options(const Case& c) {
  uring::RingOptions options{.sq_entries = kSubmissionEntries};
  options.cq_entries = c.ring.cq_entries > 0 ? c.ring.cq_entries : completion_entries(c.clients);
  switch (c.ring.setup) {
    case RingSetup::best:
      break;
    case RingSetup::defer:
      options.task_run = uring::TaskRun::defer;
      break;
    case RingSetup::coop:
      options.task_run = uring::TaskRun::coop;
      break;
    case RingSetup::plain:
      options.task_run = uring::TaskRun::plain;
      break;
    case RingSetup::sqpoll:
      options.submission = uring::Submission::kernel_thread;
      break;
  }
  if (c.ring.registered_fd == Switch::off) options.own_fd = uring::OwnFd::not_registered;
  options.napi_busy_poll_us = c.ring.napi_busy_poll_us;
  options.min_wait_us = c.ring.min_wait_us;
  options.min_wait_completions = std::min(c.clients + 1, 64U);
  return options;
}

std::uint64_t owner_bits(std::uint64_t owner) {
  return owner << path::Submission::kOwnerShift;
}

std::uint64_t owner_of(const uring::Completion& completion) {
  return completion.user_data >> path::Submission::kOwnerShift;
}

path::Label label_of(const uring::Completion& completion) {
  return {.tag = static_cast<std::uint8_t>(completion.user_data >> path::Submission::kTagShift),
          .operation = static_cast<std::uint32_t>(completion.user_data)};
}

}  // namespace

/// `requests` counts entries given to the kernel whose last completion has not come: while it is
/// not 0 the connection's memory is in use.
struct UringEngine::Connection {
  Connection(const EngineSetup& setup, const net::MessageSet& messages, uring::Ring& ring,
             UniqueFd fd, Tally& tally, SendClock& clock, std::uint32_t its_number)
      : number(its_number),
        file(setup.the_case.ring.registered_files == Switch::on ? static_cast<int>(its_number)
                                                                : -1),
        socket(std::move(fd)),
        path(setup.path->make_ring({.ring = &ring,
                                    .fd = socket.get(),
                                    .file = file,
                                    .connection = its_number,
                                    .batch = setup.the_case.batch,
                                    .report_usage = setup.report_usage,
                                    .messages = &messages})),
        sink(setup.arrivals, its_number),
        stream(messages, setup, tally, clock) {}

  enum class State { idle, sending, awaits_release, draining, failed, closed };

  [[nodiscard]] bool waits_for_buffers() const {
    return state == State::awaits_release || state == State::draining;
  }

  std::uint32_t number;
  int file;  ///< index in the ring's table; -1: not registered
  UniqueFd socket;
  std::unique_ptr<path::RingPath> path;
  std::unique_ptr<receive::RingReceive> receive_path;  ///< null where the server only sends
  ArrivalSink sink;
  Stream stream;
  State state = State::idle;
  std::uint32_t requests = 0;
};

UringEngine::UringEngine(EngineSetup setup)
    : setup_(std::move(setup)),
      messages_(net::shape_of(setup_.the_case), setup_.path->layout,
                net::pages_of(setup_.the_case)) {
  connections_.reserve(setup_.the_case.clients);
}

UringEngine::~UringEngine() {
  finish(now_ns());
}

void UringEngine::start() {
  thread_.start([this](const auto& ready) {
    try {
      set_up();
    } catch (...) {
      shared_.reset();
      ring_.reset();  // it belongs to this thread, and so does its registered descriptor
      throw;
    }
    ready();
    run();
    book_system_calls();
    connections_.clear();  // their buffer rings belong to the ring
    shared_.reset();
    ring_.reset();
  });
}

void UringEngine::go() {
  control_.go();
}

void UringEngine::finish(std::uint64_t deadline_ns) {
  control_.finish(deadline_ns);
  thread_.join();
}

void UringEngine::set_up() {
  const Case& c = setup_.the_case;
  ring_.emplace(ring_options(c));
  if (c.ring.registered_files == Switch::on) ring_->register_file_table(c.clients);
  if (setup_.receive != nullptr && setup_.receive->make_shared) {
    shared_ = setup_.receive->make_shared({.ring = &*ring_,
                                           .connections = c.clients,
                                           .buffer_bytes = receive_size_bytes(c),
                                           .group = kReceiveGroup});
  }
  if (setup_.path->registered_memory) register_messages();
  note_granted();
  if (setup_.listener) arm_accept();
  for (UniqueFd& socket : setup_.sockets) add_connection(std::move(socket));
  arm_wakeup();
}

void UringEngine::register_messages() {
  const auto region = messages_.region();
  const SysResult result = ring_->register_buffer(uring::BufferSlot::send, region);
  if (result.ok()) return;
  throw_setup_error(
      fmt::format("registering {} of messages (locked-memory limit {})", format_size(region.size()),
                  format_size(net::memlock_limit_bytes())),
      result.error,
      fmt::format("raise the limit with `ulimit -l {}`, or choose a smaller --working-set",
                  (region.size() >> 10U) + 1024));
}

void UringEngine::note_granted() {
  granted_ = {{"ring_task_run", std::string(to_text(ring_->task_run()))},
              {"ring_submission", std::string(to_text(ring_->submission()))},
              {"ring_registered_fd", ring_->registered_fd() ? "yes" : "no"},
              {"ring_napi_busy_poll", ring_->napi()},
              {"ring_cq_entries", fmt::format("{}", ring_->cq_entries())},
              {"ring_features", fmt::format("{:#x}", ring_->features())},
              {"zero_copy_report_usage", setup_.report_usage ? "yes" : "no"}};
}

void UringEngine::run() {
  while (!done()) {
    wait();
    ring_->for_each_completion(
        [this](const uring::Completion& completion) { dispatch(completion); });
    book_system_calls();
    if (control_.expired()) return break_off();
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

bool UringEngine::done() const {
  return control_.finishing() && open_ == 0;
}

void UringEngine::dispatch(const uring::Completion& completion) {
  switch (const std::uint64_t owner = owner_of(completion)) {
    case kAccept:
      return accepted(completion);
    case kWakeup:
      return control_spoke(completion);
    case kCancel:
      return;
    default:
      if ((owner & kReceive) != 0) return received(*connections_[owner & ~kReceive], completion);
      return completed(*connections_[owner], completion);
  }
}

void UringEngine::arm_accept() {
  io_uring_sqe& sqe = ring_->next_sqe();
  ::io_uring_prep_multishot_accept(&sqe, setup_.listener.get(), nullptr, nullptr, SOCK_CLOEXEC);
  sqe.user_data = owner_bits(kAccept);
}

void UringEngine::arm_wakeup() {
  io_uring_sqe& sqe = ring_->next_sqe();
  ::io_uring_prep_poll_multishot(&sqe, control_.wakeup().fd(), POLLIN);
  sqe.user_data = owner_bits(kWakeup);
}

void UringEngine::accepted(const uring::Completion& completion) {
  if (completion.result >= 0) {
    add_connection(UniqueFd(completion.result));
  } else if (!concerns_one_client(-completion.result)) {
    return failure_.set(describe_accept_failure(-completion.result));
  }
  if (!completion.more()) arm_accept();
}

void UringEngine::add_connection(UniqueFd socket) {
  const auto number = static_cast<std::uint32_t>(connections_.size());
  try {
    connections_.push_back(std::make_unique<Connection>(setup_, messages_, *ring_,
                                                        std::move(socket), tally_, clock_, number));
    prepare_to_receive(*connections_.back());
  } catch (const SetupError& error) {
    return failure_.set(error.what());
  }
  Connection& connection = *connections_.back();
  if (!add_to_table(connection)) return;
  watch(connection);
  ++open_;
  accepted_.add(1);
  if (connection.receive_path) arm_receive(connection);
  if (started_) go_on(connection);
}

void UringEngine::prepare_to_receive(Connection& connection) {
  if (setup_.receive == nullptr) return;
  const int target = connection.file >= 0 ? connection.file : connection.socket.get();
  connection.receive_path =
      setup_.receive->make_ring({.ring = &*ring_,
                                 .shared = shared_.get(),
                                 .fd = target,
                                 .connection = connection.number,
                                 .buffer_bytes = receive_size_bytes(setup_.the_case)});
}

bool UringEngine::add_to_table(Connection& connection) {
  if (connection.file < 0) return true;
  const SysResult result =
      ring_->register_file(static_cast<unsigned>(connection.file), connection.socket.get());
  if (!result.ok()) {
    failure_.set(fmt::format("registering the socket of client {}: {}", connection.number,
                             describe_errno(result.error)));
  }
  return result.ok();
}

std::uint8_t UringEngine::entry_flags() const {
  return setup_.the_case.ring.registered_files == Switch::on ? IOSQE_FIXED_FILE : 0;
}

void UringEngine::arm_receive(Connection& connection) {
  io_uring_sqe& sqe = ring_->next_sqe();
  connection.receive_path->arm(sqe);
  sqe.flags = static_cast<std::uint8_t>(sqe.flags | entry_flags());
  if (setup_.the_case.ring.poll_first == Switch::on && sqe.opcode == IORING_OP_RECV) {
    sqe.ioprio |= IORING_RECVSEND_POLL_FIRST;
  }
  sqe.user_data = owner_bits(connection.number | kReceive);
  ++connection.requests;
}

/// A receive request has completed: what it brought may be owed an answer.
void UringEngine::received(Connection& connection, const uring::Completion& completion) {
  if (!completion.more()) --connection.requests;
  using State = Connection::State;
  if (connection.state == State::closed) return;
  const receive::ReceiveProgress progress =
      connection.receive_path->complete(completion, connection.sink);
  if (connection.state == State::failed) return settle(connection);
  const Arrival arrival = connection.stream.take_in(progress);
  if (arrival == Arrival::give_up) {
    return fail(connection, describe_receive_failure(connection.number, progress.error));
  }
  if (progress.armed == receive::Armed::no && arrival != Arrival::ended) {
    tally_.rearmed.add(1);
    arm_receive(connection);
  }
  if (started_ && connection.state == State::idle) go_on(connection);
}

/// The controlling thread has spoken: connections that rest look at what they are to do now.
void UringEngine::control_spoke(const uring::Completion& completion) {
  control_.wakeup().clear();
  if (!completion.more()) arm_wakeup();
  started_ = true;
  for (const auto& connection : connections_) {
    const bool idle = connection->state == Connection::State::idle;
    const bool waits = connection->state == Connection::State::awaits_release;
    if (idle || (waits && control_.finishing())) go_on(*connection);
  }
}

void UringEngine::completed(Connection& connection, const uring::Completion& completion) {
  if (!completion.more()) --connection.requests;
  if (connection.state == Connection::State::closed) return;
  const path::SendProgress progress =
      connection.path->complete(label_of(completion), completion, releases_);
  if (connection.state == Connection::State::failed) return wind_up(connection, progress);
  const Next next = connection.stream.account(progress);
  const bool released = !releases_.empty();
  if (!connection.stream.account(releases_)) {
    return fail(connection, describe_send_failure(connection.number, EPROTO));
  }
  if (progress.watch == path::Watch::ended) watch(connection);
  after(connection, next, progress.error);
  // After Next::operation it has looked at the releases already.
  if (released && next != Next::operation && connection.waits_for_buffers()) go_on(connection);
}

/// Of a connection that has failed: what was accepted and released all the same is booked, but the
/// ways in which its other requests end are not further errors.
void UringEngine::wind_up(Connection& connection, const path::SendProgress& progress) {
  if (progress.state != path::SendState::failed) (void)connection.stream.account(progress);
  (void)connection.stream.account(releases_);
  settle(connection);
}

void UringEngine::watch(Connection& connection) {
  path::Submission submission(*ring_, owner_bits(connection.number), entry_flags());
  connection.path->watch(submission);
  connection.requests += submission.labelled();
}

void UringEngine::after(Connection& connection, Next next, int error) {
  switch (next) {
    case Next::operation:
      return go_on(connection);
    case Next::rest:
    case Next::writable:
      return prepare(connection);
    case Next::wait:
      return;
    case Next::release:
      tally_.buffer_waits.add(1);
      connection.state = Connection::State::awaits_release;
      return;
    case Next::give_up:
      return fail(connection, describe_send_failure(connection.number, error));
  }
}

/// Continues the operation, or begins the next, or ends the connection.
void UringEngine::go_on(Connection& connection) {
  if (connection.stream.in_operation()) return prepare(connection);
  if (ends(connection)) return drain(connection);
  if (!connection.stream.has_credit()) {
    connection.state = Connection::State::idle;
    return;
  }
  if (!connection.stream.has_room()) {
    tally_.buffer_waits.add(1);
    connection.state = Connection::State::awaits_release;
    return;
  }
  connection.stream.begin();
  prepare(connection);
}

/// A stream ends when it is told to; a connection that receives, when its client has ended it.
bool UringEngine::ends(const Connection& connection) const {
  return connection.receive_path ? connection.stream.answered_all() : control_.finishing();
}

void UringEngine::prepare(Connection& connection) {
  ring_->reserve(connection.path->entries());
  path::Submission submission(*ring_, owner_bits(connection.number), entry_flags());
  connection.path->prepare(connection.stream.payload(), submission);
  connection.requests += submission.labelled();
  connection.state = Connection::State::sending;
}

void UringEngine::drain(Connection& connection) {
  connection.state = Connection::State::draining;
  if (connection.stream.holds_buffers()) return;
  ::shutdown(connection.socket.get(), SHUT_WR);
  connection.state = Connection::State::closed;
  --open_;
}

/// The connection is of no more use, but its memory may be in the kernel's hands: it is kept until
/// its last request has completed.
void UringEngine::fail(Connection& connection, std::string description) {
  if (connection.state == Connection::State::failed) return;
  failure_.set(std::move(description));
  abandon(connection);
  settle(connection);
}

void UringEngine::abandon(Connection& connection) {
  connection.state = Connection::State::failed;
  cut(connection.socket.get());
  if (connection.requests == 0) return;
  io_uring_sqe& sqe = ring_->next_sqe();
  if (connection.file >= 0) {
    ::io_uring_prep_cancel_fd(&sqe, connection.file,
                              IORING_ASYNC_CANCEL_ALL | IORING_ASYNC_CANCEL_FD_FIXED);
  } else {
    ::io_uring_prep_cancel_fd(&sqe, connection.socket.get(), IORING_ASYNC_CANCEL_ALL);
  }
  sqe.user_data = owner_bits(kCancel);
}

void UringEngine::settle(Connection& connection) {
  if (connection.requests > 0) return;
  connection.state = Connection::State::closed;
  --open_;
}

/// Time is up. Requests end when their socket is cut; buffers come back when it is closed.
void UringEngine::break_off() {
  failure_.set(describe_stalled(open_));
  for (const auto& connection : connections_) {
    if (connection->state != Connection::State::closed) abandon(*connection);
  }
  constexpr std::uint64_t kTickNs = 10'000'000;
  ring_->submit_and_wait(kTickNs);  // the cancellations name descriptors that must still be open
  for (const auto& connection : connections_) {
    if (connection->state != Connection::State::failed) continue;
    if (connection->file >= 0) ring_->register_file(static_cast<unsigned>(connection->file), -1);
    connection->socket.reset();
    settle(*connection);
  }
  for (int tick = 0; open_ > 0 && tick < 100; ++tick) {
    ring_->for_each_completion(
        [this](const uring::Completion& completion) { dispatch(completion); });
    ring_->submit_and_wait(kTickNs);
  }
}

void UringEngine::book_system_calls() {
  tally_.system_calls.add(ring_->enters() - enters_booked_);
  enters_booked_ = ring_->enters();
  tally_.cq_overflows.add(ring_->overflows() - overflows_booked_);
  overflows_booked_ = ring_->overflows();
}

EngineCounts UringEngine::counts() const {
  EngineCounts counts;
  tally_.add_to(counts);
  counts.accepted = static_cast<std::uint32_t>(accepted_.get());
  counts.failure = failure_.get();
  return counts;
}

SendTiming UringEngine::send_timing() const {
  return clock_.read();
}

Facts UringEngine::granted() const {
  return granted_;
}

}  // namespace ub::engine
