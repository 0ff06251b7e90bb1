#include "trial.hpp"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/un.h>

#include <array>
#include <cerrno>
#include <utility>

#include "uringbench/base/clock.hpp"
#include "uringbench/base/error.hpp"

namespace ub::uring {
namespace {

constexpr std::uint64_t kPatienceNs = 1'000'000'000;
constexpr std::uint64_t kTrial = 1;
constexpr std::uint64_t kMarker = 2;

void require(bool holds) {
  if (!holds) throw_setup_error("opening a connection for the probe", errno);
}

UniqueFd tcp_socket() {
  return UniqueFd(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
}

/// False where 127.0.0.1 cannot be had: the namespace's loopback is down.
bool connect_over_loopback(TrialPair& pair) {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t length = sizeof address;
  auto* generic = reinterpret_cast<sockaddr*>(&address);
  const auto done = [](int result) {
    require(result == 0 || errno == ENETUNREACH || errno == EADDRNOTAVAIL);
    return result == 0;
  };
  if (!done(::bind(pair.listener.get(), generic, length))) return false;
  require(::listen(pair.listener.get(), 1) == 0);
  require(::getsockname(pair.listener.get(), generic, &length) == 0);
  if (!done(::connect(pair.client.get(), generic, length))) return false;
  pair.server.reset(repeat_interrupted([&] {
    const int fd = ::accept4(pair.listener.get(), nullptr, nullptr, SOCK_CLOEXEC);
    return fd < 0 ? -errno : fd;
  }));
  require(static_cast<bool>(pair.server));
  return true;
}

TrialPair make_unix_pair() {
  std::array<int, 2> ends{};
  require(::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends.data()) == 0);
  TrialPair pair{UniqueFd(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0)), UniqueFd(ends[0]),
                 UniqueFd(ends[1]), tcp_socket()};
  require(pair.listener && pair.unconnected);
  sockaddr_un any{};  // the kernel chooses a name in the abstract namespace (unix(7))
  any.sun_family = AF_UNIX;
  require(::bind(pair.listener.get(), reinterpret_cast<sockaddr*>(&any), sizeof any.sun_family) ==
          0);
  require(::listen(pair.listener.get(), 1) == 0);
  return pair;
}

/// For a completion, however often a signal interrupts. False when none came.
bool wait(Ring& ring) {
  const std::uint64_t deadline = now_ns() + kPatienceNs;
  for (std::uint64_t now = now_ns(); ring.error() == 0 && now < deadline; now = now_ns()) {
    if (ring.submit_and_wait(deadline - now)) return true;
  }
  return false;
}

}  // namespace

TrialPair make_trial_pair() {
  TrialPair pair{tcp_socket(), tcp_socket(), UniqueFd(), UniqueFd()};
  require(pair.listener && pair.client);
  return connect_over_loopback(pair) ? std::move(pair) : make_unix_pair();
}

SysResult try_operation(Ring& ring, const std::function<void(io_uring_sqe&)>& prepare) {
  io_uring_sqe& sqe = ring.next_sqe();
  prepare(sqe);
  sqe.user_data = kTrial;
  SysResult first{0, ETIME};
  bool seen = false;
  bool more = true;
  while (more && wait(ring)) {
    ring.for_each_completion([&](const Completion& completion) {
      if (completion.user_data != kTrial) return;
      if (!seen) first = from_negative(completion.result);
      seen = true;
      more = completion.more();
    });
  }
  return ring.error() != 0 ? SysResult{0, ring.error()} : first;
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
  while (!done && wait(ring)) {
    ring.for_each_completion([&](const Completion& completion) {
      if (completion.user_data == kTrial) result = from_negative(completion.result);
      if (completion.user_data == kMarker) done = true;
    });
  }
  if (ring.error() != 0) return {0, ring.error()};
  return done ? result : SysResult{0, ETIME};
}

}  // namespace ub::uring
