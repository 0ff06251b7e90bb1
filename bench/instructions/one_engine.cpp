// One engine at work without the rest of the program, to count its instructions under callgrind.
//   one_engine ENGINE stream|rr SIZE CONNECTIONS MESSAGES
// prints the messages it sent and the system calls it made. The other ends are in a process of
// their own: valgrind runs one thread at a time, and lets none run while another waits for a ring.
// Requests go to all connections before a response is read from any, so that the engine finds many
// of them ready at once.
#include <fcntl.h>
#include <fmt/format.h>
#include <poll.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <charconv>
#include <chrono>
#include <cstdlib>
#include <span>
#include <string_view>
#include <thread>
#include <vector>

#include "uringbench/base/clock.hpp"
#include "uringbench/base/error.hpp"
#include "uringbench/engine/engine.hpp"
#include "uringbench/net/socket.hpp"

namespace ub::instructions {
namespace {

constexpr std::uint64_t kWorkingSetBytes = 1U << 20U;
constexpr std::uint64_t kRequestBytes = 64;

std::uint64_t number(std::string_view text) {
  std::uint64_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || end != text.data() + text.size() || value == 0) {
    throw SetupError(fmt::format("'{}' is no number above 0", text));
  }
  return value;
}

Case case_of(std::span<char*> arguments) {
  Case c;
  const std::string_view engine = arguments[0];
  c.engine = engine == "uring"   ? EngineKind::uring
             : engine == "epoll" ? EngineKind::epoll
                                 : EngineKind::pthread;
  c.path = "two-copy";
  c.workload = std::string_view(arguments[1]) == "rr" ? Workload::rr : Workload::stream;
  c.size_bytes = number(arguments[2]);
  c.clients = static_cast<std::uint32_t>(number(arguments[3]));
  c.working_set_bytes = kWorkingSetBytes;
  if (!has_requests(c.workload)) return c;
  c.request_size_bytes = kRequestBytes;
  c.depth = 1;
  c.receive = c.engine == EngineKind::uring ? "multishot" : "recv";
  return c;
}

/// The clients' ends; those of the server are given to the engine.
std::vector<UniqueFd> connect(engine::EngineSetup& setup) {
  std::vector<UniqueFd> clients;
  const bool blocks = setup.the_case.engine == EngineKind::pthread;
  for (std::uint32_t i = 0; i < setup.the_case.clients; ++i) {
    std::array<int, 2> ends{};
    if (::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends.data()) != 0) {
      throw_setup_error("making a pair of sockets", errno, "raise `ulimit -n`");
    }
    clients.emplace_back(ends[0]);
    setup.sockets.emplace_back(ends[1]);
    if (!blocks) net::set_blocking(ends[1], net::Blocking::no);
  }
  return clients;
}

/// False when the server has ended the connection.
bool take(int socket, std::uint64_t bytes) {
  std::array<std::byte, 65536> buffer;
  while (bytes > 0) {
    const ssize_t got =
        ::recv(socket, buffer.data(), std::min<std::uint64_t>(bytes, buffer.size()), 0);
    if (got <= 0) return false;
    bytes -= static_cast<std::uint64_t>(got);
  }
  return true;
}

/// Until `stop` says something, which is looked at between rounds.
void ask(const std::vector<UniqueFd>& clients, const Case& c, int stop) {
  const std::array<std::byte, kRequestBytes> request{};
  pollfd told{.fd = stop, .events = POLLIN, .revents = 0};
  while (::poll(&told, 1, 0) == 0) {
    for (const UniqueFd& client : clients) {
      if (::send(client.get(), request.data(), request.size(), MSG_NOSIGNAL) < 0) return;
    }
    for (const UniqueFd& client : clients) {
      if (!take(client.get(), c.size_bytes)) return;
    }
  }
}

void drive(const std::vector<UniqueFd>& clients, const Case& c, int stop) {
  if (has_requests(c.workload)) ask(clients, c, stop);
  for (const UniqueFd& client : clients) ::shutdown(client.get(), SHUT_WR);
  for (const UniqueFd& client : clients) {
    while (take(client.get(), c.size_bytes)) {
    }
  }
}

void run(std::span<char*> arguments) {
  const Case c = case_of(arguments);
  const std::uint64_t messages = number(arguments[4]);
  engine::EngineSetup setup{
      .the_case = c,
      .path = path::find(c.path),
      .receive = has_requests(c.workload) ? receive::find(c.receive) : nullptr};
  const std::vector<UniqueFd> clients = connect(setup);
  std::array<int, 2> stop{};
  if (::pipe2(stop.data(), O_CLOEXEC) != 0) throw_setup_error("making a pipe", errno);
  const UniqueFd stop_read(stop[0]);
  UniqueFd stop_write(stop[1]);
  const pid_t load = ::fork();
  if (load < 0) throw_setup_error("starting the load", errno);
  if (load == 0) {
    setup.sockets.clear();  // so that their ends are seen
    stop_write.reset();
    drive(clients, c, stop_read.get());
    ::_exit(0);
  }
  const auto engine = engine::make_engine(std::move(setup));
  engine->start();
  engine->go();
  while (engine->counts().sends.messages < messages && engine->counts().failure.empty()) {
    std::this_thread::sleep_for(std::chrono::milliseconds(20));
  }
  constexpr std::uint64_t kPatienceNs = 20'000'000'000;
  stop_write.reset();  // the load ends, and not before the engine knows that it may
  engine->finish(now_ns() + kPatienceNs);
  ::waitpid(load, nullptr, 0);
  const engine::EngineCounts counts = engine->counts();
  if (!counts.failure.empty()) throw SetupError(counts.failure);
  fmt::print("{} {}\n", counts.sends.messages, counts.sends.system_calls);
}

}  // namespace
}  // namespace ub::instructions

int main(int argc, char** argv) {
  if (argc != 6) return 2;
  try {
    ub::instructions::run(std::span(argv, static_cast<std::size_t>(argc)).subspan(1));
  } catch (const std::exception& error) {
    fmt::print(stderr, "one_engine: {}\n", error.what());
    return 1;
  }
  return 0;
}
