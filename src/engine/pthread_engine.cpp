// pthread: one blocking thread a client, the classic server.
#include "pthread_engine.hpp"

#include <fmt/format.h>
#include <poll.h>
#include <sys/socket.h>

#include <array>
#include <cerrno>

#include "uringbench/base/clock.hpp"
#include "uringbench/base/error.hpp"
#include "uringbench/base/permissions.hpp"
#include "uringbench/net/socket.hpp"

namespace ub::engine {
namespace {

/// Deep enough for sanitizers too; the default of 8 MiB would reserve 80 GB for 10,000 clients.
constexpr std::size_t kStackBytes = 256U << 10U;

/// With this many buffers held the error queue is read without being asked: often enough to keep
/// the window open, seldom enough to take many notifications a call.
constexpr std::uint32_t kReapEvery = 64;

}  // namespace

/// One client: its socket, its thread and what that thread counts.
class PthreadEngine::Client {
 public:
  Client(PthreadEngine& engine, std::uint32_t number, UniqueFd socket)
      : engine_(engine), number_(number), socket_(std::move(socket)) {}
  Client(const Client&) = delete;
  Client& operator=(const Client&) = delete;
  ~Client() {
    if (started_) ::pthread_join(thread_, nullptr);
  }

  /// 0, or the errno of pthread_create(3).
  int start() {
    pthread_attr_t attributes{};
    ::pthread_attr_init(&attributes);
    ::pthread_attr_setstacksize(&attributes, kStackBytes);
    const int error = ::pthread_create(
        &thread_, &attributes,
        [](void* self) -> void* {
          static_cast<Client*>(self)->run();
          return nullptr;
        },
        this);
    ::pthread_attr_destroy(&attributes);
    started_ = error == 0;
    return error;
  }

  /// Wakes the thread from any blocking call.
  void reset() const { reset_socket(socket_.get()); }

  [[nodiscard]] const ServerTally& tally() const { return tally_; }

 private:
  void run() {
    try {
      serve();
    } catch (const std::exception& error) {  // what it needed was not to be had
      engine_.failure_.set(error.what());
    }
    engine_.ended();
  }

  void serve() {
    const auto path = engine_.setup_.path->make_syscall(
        syscall_context(engine_.setup_, engine_.messages_, socket_.get()));
    Stream stream(engine_.messages_, engine_.setup_, tally_, engine_.clock_);
    if (spins()) net::set_blocking(socket_.get(), net::Blocking::no);
    engine_.control_.wait_for_go();
    const bool served =
        engine_.setup_.receive == nullptr ? send_all(stream, *path) : answer_all(stream, *path);
    if (served) drain(stream, *path);
  }

  void drain(Stream& stream, path::SyscallPath& path) {
    while (stream.holds_buffers() && wait_for_release(stream, path)) {
    }
    ::shutdown(socket_.get(), SHUT_WR);
  }

  [[nodiscard]] bool spins() const { return engine_.setup_.the_case.wait == Wait::spin; }

  bool send_all(Stream& stream, path::SyscallPath& path) {
    while (!engine_.control_.finishing()) {
      if (!send_operation(stream, path)) return false;
    }
    return true;
  }

  /// Until the client has ended its stream.
  bool answer_all(Stream& stream, path::SyscallPath& path) {
    const EngineSetup& setup = engine_.setup_;
    const auto receive_path = setup.receive->make_syscall(
        {.fd = socket_.get(), .buffer_bytes = receive_size_bytes(setup.the_case)});
    ArrivalSink sink(setup.arrivals, number_);
    while (!stream.answered_all()) {
      const bool went_well =
          stream.has_credit() ? send_operation(stream, path) : receive(stream, *receive_path, sink);
      if (!went_well) return false;
    }
    return true;
  }

  bool receive(Stream& stream, receive::SyscallReceive& path, ArrivalSink& sink) {
    using receive::Patience;
    const receive::ReceiveProgress progress =
        path.receive(spins() ? Patience::do_not_wait : Patience::wait, sink);
    if (stream.take_in(progress) != Arrival::failed) return true;
    return fail(describe_receive_failure(number_, progress.error));
  }

  bool send_operation(Stream& stream, path::SyscallPath& path) {
    if (!stream.has_room()) {
      tally_.sends.buffer_waits.add(1);
      return wait_for_release(stream, path);
    }
    stream.begin();
    while (stream.in_operation()) {
      const path::SendProgress progress = path.send(stream.payload());
      switch (stream.account(progress)) {
        case Next::failed:
          return fail(describe_send_failure(number_, progress.error));
        case Next::release:
          if (!wait_for_release(stream, path)) return false;
          break;
        default:
          break;
      }
    }
    const bool looks = engine_.setup_.the_case.notify.when != Notify::lazy;
    return !looks || stream.attempts_held() < kReapEvery || reap(stream, path);
  }

  /// Sleeps until the error queue has something (poll(2): POLLERR needs no asking), then reads it.
  bool wait_for_release(Stream& stream, path::SyscallPath& path) {
    pollfd wait{.fd = socket_.get(), .events = 0, .revents = 0};
    tally_.sends.system_calls.add(1);
    if (::poll(&wait, 1, spins() ? 0 : -1) < 0 && errno != EINTR) {
      return fail(describe_loop_failure("poll", errno));
    }
    // After reset() the socket hangs up: whatever is still held will not be waited for.
    if ((wait.revents & POLLHUP) != 0 && engine_.stopped_.load()) return false;
    return reap(stream, path);
  }

  bool reap(Stream& stream, path::SyscallPath& path) {
    const path::Reaped reaped = path.reap(releases_);
    tally_.sends.system_calls.add(reaped.system_calls);
    tally_.zero_copy.notifications.add(reaped.notifications);
    if (reaped.error != 0) return fail(describe_send_failure(number_, reaped.error));
    if (!stream.account(releases_)) return fail(describe_send_failure(number_, EPROTO));
    return true;
  }

  bool fail(std::string description) {
    if (!engine_.stopped_.load()) engine_.failure_.set(std::move(description));
    reset_socket(socket_.get());
    return false;
  }

  PthreadEngine& engine_;
  std::uint32_t number_;
  UniqueFd socket_;
  pthread_t thread_{};
  bool started_ = false;
  path::Releases releases_ = reserved_releases();
  ServerTally tally_;
};

PthreadEngine::PthreadEngine(EngineSetup setup) : EngineCore(std::move(setup)) {
  clients_.reserve(setup_.the_case.clients);
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

bool PthreadEngine::add_client(UniqueFd socket) {
  const auto number = static_cast<std::uint32_t>(clients_.size());
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
    ended();
    return false;
  }
  const std::scoped_lock lock(mutex_);
  clients_.push_back(std::move(client));
  accepted_.add(1);
  return true;
}

void PthreadEngine::ended() {
  const std::scoped_lock lock(mutex_);
  --running_;
  all_ended_.notify_all();
}

void PthreadEngine::wait_until_finished() {
  acceptor_.join();
  wait_until_ended(control_.deadline());
  const std::uint32_t left = running();
  if (left > 0) {
    failure_.set(describe_stalled(left));
    stopped_.store(true);
    for (const auto& client : clients_) client->reset();
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
  ServerCounts counts;
  const std::scoped_lock lock(mutex_);
  for (const auto& client : clients_) counts += read(client->tally());
  return counts;
}

}  // namespace ub::engine
