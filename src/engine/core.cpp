#include "core.hpp"

#include <sys/socket.h>

#include <algorithm>
#include <bit>
#include <exception>

#include "uringbench/net/connection_facts.hpp"
#include "uringbench/net/token.hpp"

namespace ub::engine {

void reset_socket(int fd) {
  const linger reset{.l_onoff = 1, .l_linger = 0};
  ::setsockopt(fd, SOL_SOCKET, SO_LINGER, &reset, sizeof reset);
  ::shutdown(fd, SHUT_RDWR);
}

std::uint64_t receive_size_bytes(const Case& the_case) {
  constexpr std::uint64_t kLeast = 4096;
  constexpr std::uint64_t kMost = 65536;
  if (!has_requests(the_case.workload)) return kMost;
  const std::uint64_t in_flight = the_case.request_size_bytes * std::max(the_case.depth, 1U);
  return std::bit_ceil(std::clamp(in_flight, kLeast, kMost));
}

std::uint32_t most_connections(const Case& the_case) {
  return connects_per_request(the_case.workload) ? 3 * the_case.clients : the_case.clients;
}

int send_flags_of(const Case& the_case) {
  return the_case.msg_more == Switch::on ? MSG_MORE : 0;
}

path::SyscallContext syscall_context(const EngineSetup& setup, const net::MessageSet& messages,
                                     int fd) {
  return {.fd = fd,
          .batch = setup.the_case.batch,
          .send_flags = send_flags_of(setup.the_case),
          .messages = &messages};
}

EngineCore::EngineCore(EngineSetup setup)
    : setup_(std::move(setup)),
      messages_(net::shape_of(setup_.the_case), setup_.path->layout,
                net::pages_of(setup_.the_case)),
      parts_(connects_per_request(setup_.the_case.workload)) {
  if (!setup_.sockets.empty()) first_socket_ = setup_.sockets.front().get();
}

/// From now on connections come without a token, and none of the measured ones is to be held back
/// until its first bytes are there.
void EngineCore::go() {
  if (parts_ && setup_.listener) net::expect_no_token(setup_.listener.get());
  control_.go();
}

void EngineCore::finish(std::uint64_t deadline_ns) {
  begin_to_finish(deadline_ns);
  wait_until_finished();
}

EngineCounts EngineCore::counts() const {
  return {counted(), static_cast<std::uint32_t>(accepted_.get()),
          static_cast<std::uint32_t>(strangers_.get()), failure_.get()};
}

Facts EngineCore::connection() const {
  const int socket = first_socket_;
  return net::is_connected(socket) ? net::connection_facts(socket) : Facts{};
}

bool EngineCore::admits(int socket) {
  const bool known = setup_.token.empty() || (parts_ && control_.going());
  if (known || net::presents_token(socket, setup_.token)) {
    int none = -1;
    first_socket_.compare_exchange_strong(none, socket);
    return true;
  }
  turn_away(socket);
  return false;
}

void EngineCore::turn_away(int socket) {
  reset_socket(socket);
  strangers_.add(1);
}

void LoopEngine::start() {
  thread_.start([this](const auto& ready) {
    try {
      set_up();
    } catch (...) {
      tear_down();
      throw;
    }
    ready();
    try {
      run();
    } catch (const std::exception& error) {  // what it needed in mid-run was not to be had
      stop(error.what());
    }
    tear_down();
  });
}

}  // namespace ub::engine
