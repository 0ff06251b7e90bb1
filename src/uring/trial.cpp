#include "trial.hpp"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>

#include <cerrno>

#include "uringbench/base/error.hpp"

namespace ub::uring {
namespace {

constexpr std::uint64_t kPatienceNs = 1'000'000'000;
constexpr std::uint64_t kTrial = 1;
constexpr std::uint64_t kMarker = 2;

void require(bool holds) {
  if (!holds) throw_setup_error("opening a TCP connection on loopback for the probe", errno);
}

UniqueFd tcp_socket() {
  return UniqueFd(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
}

}  // namespace

TcpPair make_tcp_pair() {
  TcpPair pair{tcp_socket(), tcp_socket(), UniqueFd()};
  require(pair.listener && pair.client);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t length = sizeof address;
  auto* generic = reinterpret_cast<sockaddr*>(&address);
  require(::bind(pair.listener.get(), generic, length) == 0);
  require(::listen(pair.listener.get(), 1) == 0);
  require(::getsockname(pair.listener.get(), generic, &length) == 0);
  require(::connect(pair.client.get(), generic, length) == 0);
  pair.server.reset(::accept4(pair.listener.get(), nullptr, nullptr, SOCK_CLOEXEC));
  require(static_cast<bool>(pair.server));
  return pair;
}

SysResult try_operation(Ring& ring, const std::function<void(io_uring_sqe&)>& prepare) {
  io_uring_sqe& sqe = ring.next_sqe();
  prepare(sqe);
  sqe.user_data = kTrial;
  SysResult first{0, ETIME};
  bool seen = false;
  bool more = true;
  while (more && ring.submit_and_wait(kPatienceNs)) {
    ring.for_each_completion([&](const Completion& completion) {
      if (completion.user_data != kTrial) return;
      if (!seen) first = from_negative(completion.result);
      seen = true;
      more = completion.more();
    });
  }
  return first;
}

SysResult try_arming(Ring& ring, const std::function<void(io_uring_sqe&)>& prepare) {
  io_uring_sqe& sqe = ring.next_sqe();
  prepare(sqe);
  sqe.user_data = kTrial;
  io_uring_sqe& marker = ring.next_sqe();
  ::io_uring_prep_nop(&marker);
  marker.user_data = kMarker;
  SysResult result;
  bool done = false;
  while (!done && ring.submit_and_wait(kPatienceNs)) {
    ring.for_each_completion([&](const Completion& completion) {
      if (completion.user_data == kTrial) result = from_negative(completion.result);
      if (completion.user_data == kMarker) done = true;
    });
  }
  return done ? result : SysResult{0, ETIME};
}

}  // namespace ub::uring
