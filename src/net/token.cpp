#include "uringbench/net/token.hpp"

#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/random.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <tuple>

#include "uringbench/base/clock.hpp"
#include "uringbench/base/error.hpp"
#include "uringbench/net/poll.hpp"

namespace ub::net {
namespace {

bool is_unix(int fd) {
  int domain = 0;
  socklen_t length = sizeof domain;
  return ::getsockopt(fd, SOL_SOCKET, SO_DOMAIN, &domain, &length) == 0 && domain == AF_UNIX;
}

bool is_of_this_user(int fd) {
  ucred peer{};
  socklen_t length = sizeof peer;
  if (::getsockopt(fd, SOL_SOCKET, SO_PEERCRED, &peer, &length) != 0) return false;
  return peer.uid == ::geteuid() || peer.uid == 0;
}

void defer_accept(int listener, int seconds) {
  if (is_unix(listener)) return;
  if (::setsockopt(listener, IPPROTO_TCP, TCP_DEFER_ACCEPT, &seconds, sizeof seconds) != 0) {
    throw_setup_error("setting TCP_DEFER_ACCEPT", errno);
  }
}

void await_bytes(int fd) {
  constexpr std::uint64_t kMomentNs = 2'000'000'000;
  pollfd readable{fd, POLLIN, 0};
  std::ignore = poll_until({&readable, 1}, now_ns() + kMomentNs);
}

}  // namespace

std::string draw_token() {
  constexpr std::string_view kDigits = "0123456789abcdef";
  std::array<unsigned char, kTokenBytes> bytes{};
  if (::getrandom(bytes.data(), bytes.size(), 0) != static_cast<ssize_t>(bytes.size())) {
    throw_setup_error("drawing a token for the clients of a sample", errno);
  }
  std::string token;
  for (const unsigned char byte : bytes) token += kDigits[byte % kDigits.size()];
  return token;
}

void present_token(int fd, const std::string& token) {
  if (token.empty()) return;
  const SysResult sent = from_errno(::send(fd, token.data(), token.size(), MSG_NOSIGNAL));
  if (!sent.ok()) throw_setup_error("sending the token of the sample", sent.error);
}

void expect_token(int listener) {
  constexpr int kSeconds = 20;  // then accept(2) hands it out all the same, and it is turned away
  defer_accept(listener, kSeconds);
}

void expect_no_token(int listener) {
  defer_accept(listener, 0);
}

bool presents_token(int fd, const std::string& token) {
  if (is_unix(fd)) {
    if (!is_of_this_user(fd)) return false;
    await_bytes(fd);
  }
  std::array<char, kTokenBytes> bytes{};
  const auto got = ::recv(fd, bytes.data(), bytes.size(), MSG_DONTWAIT);
  return got >= 0 && token == std::string_view(bytes.data(), static_cast<std::size_t>(got));
}

}  // namespace ub::net
