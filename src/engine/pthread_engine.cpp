// pthread: one blocking thread a client, the classic server.
#include "pthread_engine.hpp"

#include <fmt/format.h>
#include <poll.h>
#include <sys/socket.h>

#include <array>
#include <cerrno>

#include "pthread_client.hpp"
#include "uringbench/base/clock.hpp"
#include "uringbench/base/error.hpp"
#include "uringbench/base/permissions.hpp"

namespace ub::engine {
namespace {

/// Of clients that have ended, so many are kept until the oldest half is forgotten: their threads
/// are long gone then, and to wait for them costs nothing.
constexpr std::size_t kEndedKept = 64;

}  // namespace

PthreadEngine::PthreadEngine(EngineSetup setup) : EngineCore(std::move(setup)) {
  clients_.reserve(most_connections(setup_.the_case));
  ended_.reserve(most_connections(setup_.the_case) + kEndedKept);
}

PthreadEngine::~PthreadEngine() {
  finish(now_ns());
}

void PthreadEngine::start() {
  if (!setup_.listener) {
    for (UniqueFd& socket : setup_.sockets) add_client(std::move(socket));
    return;
  }
  acceptor_.start([this](const auto& ready) {
    ready();
    accept_clients();
    if (parts_after_answer()) accept_requests();
  });
}

void PthreadEngine::accept_clients() {
  std::array<pollfd, 2> wait{{{.fd = setup_.listener.get(), .events = POLLIN, .revents = 0},
                              {.fd = control_.fd(), .events = POLLIN, .revents = 0}}};
  while (clients_.size() < setup_.the_case.clients) {
    if (::poll(wait.data(), wait.size(), -1) < 0 && errno != EINTR) {
      return failure_.set(describe_loop_failure("poll", errno));
    }
    if (wait[1].revents != 0) control_.clear();
    if (control_.finishing()) return;
    if (wait[0].revents == 0) continue;
    UniqueFd socket(::accept4(setup_.listener.get(), nullptr, nullptr, SOCK_CLOEXEC));
    if (!socket && !concerns_one_client(errno)) {
      return failure_.set(describe_accept_failure(errno));
    }
    if (socket && !admits(socket.get())) continue;
    if (socket && !add_client(std::move(socket))) return;
  }
}

/// Blocks in accept4(2) and does nothing else, until wait_until_finished() shuts the listener down.
void PthreadEngine::accept_requests() {
  control_.wait_for_go();
  while (!control_.finishing()) {
    UniqueFd socket(::accept4(setup_.listener.get(), nullptr, nullptr, SOCK_CLOEXEC));
    const int error = socket ? 0 : errno;
    if (control_.finishing()) return;
    forget_ended();
    if (socket && !add_client(std::move(socket))) return;
    if (error != 0 && !concerns_one_client(error)) {
      return failure_.set(describe_accept_failure(error));
    }
  }
}

bool PthreadEngine::add_client(UniqueFd socket) {
  const std::uint32_t number = clients_.next_number();
  auto client = std::make_unique<Client>(*this, number, std::move(socket));
  {
    const std::scoped_lock lock(mutex_);
    ++running_;
  }
  const int error = client->start();
  if (error != 0) {
    failure_.set(fmt::format("starting the thread of client {}: {}; {}", number,
                             describe_errno(error),
                             error == EAGAIN ? explain_task_limit() : "memory is short"));
    const std::scoped_lock lock(mutex_);
    --running_;
    return false;
  }
  const std::scoped_lock lock(mutex_);
  clients_.add(std::move(client));
  accepted_.add(1);
  return true;
}

void PthreadEngine::ended(std::uint32_t number) {
  const std::scoped_lock lock(mutex_);
  --running_;
  if (parts_after_answer()) ended_.push_back(number);
  all_ended_.notify_all();
}

/// Of a client whose thread has ended, or is about to, only what it counted is kept.
void PthreadEngine::forget_ended() {
  std::array<std::unique_ptr<Client>, kEndedKept / 2> forgotten;  // joined without the lock
  const std::scoped_lock lock(mutex_);
  if (ended_.size() < kEndedKept) return;
  for (std::size_t i = 0; i < forgotten.size(); ++i) {
    forgotten[i] = clients_.take(ended_[i]);
    of_forgotten_ += read(forgotten[i]->tally());
  }
  ended_.erase(ended_.begin(), ended_.begin() + static_cast<std::ptrdiff_t>(forgotten.size()));
}

/// The clients have ended, so no connection that is still there is theirs.
void PthreadEngine::turn_away_the_rest() {
  const std::scoped_lock lock(mutex_);
  stopped_.store(true);
  clients_.for_each([](const Client& client) { client.turn_away(); });
}

void PthreadEngine::wait_until_finished() {
  if (parts_after_answer() && setup_.listener) ::shutdown(setup_.listener.get(), SHUT_RDWR);
  acceptor_.join();
  if (parts_after_answer()) turn_away_the_rest();
  wait_until_ended(control_.deadline());
  const std::uint32_t left = running();
  if (left > 0) {
    failure_.set(describe_stalled(left));
    stopped_.store(true);
    clients_.for_each([](const Client& client) { client.reset(); });
    wait_until_ended(Control::kNever);
  }
}

void PthreadEngine::wait_until_ended(std::uint64_t deadline_ns) {
  std::unique_lock lock(mutex_);
  const auto ended = [this] { return running_ == 0; };
  if (deadline_ns == Control::kNever) return all_ended_.wait(lock, ended);
  // steady_clock is CLOCK_MONOTONIC in libstdc++.
  const std::chrono::steady_clock::time_point deadline{std::chrono::nanoseconds(deadline_ns)};
  all_ended_.wait_until(lock, deadline, ended);
}

std::uint32_t PthreadEngine::running() const {
  const std::scoped_lock lock(mutex_);
  return running_;
}

ServerCounts PthreadEngine::counted() const {
  const std::scoped_lock lock(mutex_);
  ServerCounts counts = of_forgotten_;
  clients_.for_each([&](const Client& client) { counts += read(client.tally()); });
  return counts;
}

}  // namespace ub::engine
