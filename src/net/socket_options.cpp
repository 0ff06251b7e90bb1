#include "uringbench/net/socket_options.hpp"

#include <fmt/format.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>

#include <array>
#include <cerrno>
#include <climits>
#include <string_view>

#include "sysctl.hpp"
#include "uringbench/base/error.hpp"
#include "uringbench/base/unique_fd.hpp"

namespace ub::net {
namespace {

struct Option {
  int level;
  int number;
  const char* name;
};

constexpr Option kNodelay{IPPROTO_TCP, TCP_NODELAY, "TCP_NODELAY"};
constexpr Option kCongestion{IPPROTO_TCP, TCP_CONGESTION, "TCP_CONGESTION"};
constexpr Option kSegment{IPPROTO_TCP, TCP_MAXSEG, "TCP_MAXSEG"};
constexpr Option kSendBuffer{SOL_SOCKET, SO_SNDBUF, "SO_SNDBUF"};
constexpr Option kReceiveBuffer{SOL_SOCKET, SO_RCVBUF, "SO_RCVBUF"};
constexpr Option kReceiveLowat{SOL_SOCKET, SO_RCVLOWAT, "SO_RCVLOWAT"};

constexpr Option kReusePort{SOL_SOCKET, SO_REUSEPORT, "SO_REUSEPORT"};

constexpr std::string_view kPreferred = "cubic";

SysResult get_int(int fd, const Option& option) {
  int value = 0;
  socklen_t length = sizeof value;
  const SysResult result =
      from_errno(::getsockopt(fd, option.level, option.number, &value, &length));
  return result.ok() ? SysResult{value, 0} : result;
}

SysResult get_congestion(int fd, std::string& name) {
  std::array<char, 64> text{};
  socklen_t length = text.size() - 1;
  const SysResult result =
      from_errno(::getsockopt(fd, kCongestion.level, kCongestion.number, text.data(), &length));
  if (result.ok()) name = text.data();
  return result;
}

int set_congestion(int fd, std::string_view name) {
  return ::setsockopt(fd, kCongestion.level, kCongestion.number, name.data(),
                      static_cast<socklen_t>(name.size()));
}

/// Sets the option and returns what the kernel made of it.
std::uint64_t set_and_get(int fd, const Option& option, std::uint64_t value) {
  if (value > INT_MAX) {
    throw SetupError(
        fmt::format("{} of {} bytes: no socket takes more than {}", option.name, value, INT_MAX));
  }
  const int wanted = static_cast<int>(value);
  if (::setsockopt(fd, option.level, option.number, &wanted, sizeof wanted) != 0) {
    throw_setup_error(fmt::format("setting {} to {}", option.name, value), errno);
  }
  const SysResult got = get_int(fd, option);
  if (!got.ok()) throw_setup_error(fmt::format("reading {} back", option.name), got.error);
  return static_cast<std::uint64_t>(got.value);
}

/// SO_SNDBUF and SO_RCVBUF read back as twice the value set: the kernel doubles it to make room for
/// its own bookkeeping (socket(7)). It clamps silently at both ends, so a study of buffer sizes
/// would compare equal buffers under different names.
void set_buffer(int fd, const Option& option, std::uint64_t size_bytes, std::string_view sysctl) {
  if (size_bytes == 0) return;
  const std::uint64_t got = set_and_get(fd, option, size_bytes) / 2;
  if (got == size_bytes) return;
  if (got > size_bytes) {
    throw SetupError(
        fmt::format("{} of {} bytes: the kernel gives {} at least; ask for that or more",
                    option.name, size_bytes, got));
  }
  throw SetupError(
      fmt::format("{} of {} bytes was cut to {} by {} = {}; raise it with "
                  "`sysctl -w {}={}` or ask for less",
                  option.name, size_bytes, got, sysctl, sysctl_text(sysctl), sysctl, size_bytes));
}

/// Must follow SO_RCVBUF: the kernel cuts SO_RCVLOWAT to half the space it may use for receiving.
void set_receive_lowat(int fd, std::uint64_t size_bytes) {
  if (size_bytes == 0) return;
  const std::uint64_t got = set_and_get(fd, kReceiveLowat, size_bytes);
  if (got == size_bytes) return;
  throw SetupError(
      fmt::format("SO_RCVLOWAT of {} bytes was cut to {}: it may be half of the receive "
                  "buffer at most; give a larger receive buffer, or without one raise "
                  "the last figure of net.ipv4.tcp_rmem = {}",
                  size_bytes, got, sysctl_text("net.ipv4.tcp_rmem")));
}

[[noreturn]] void refuse_congestion(std::string_view name, int error) {
  const std::string doing = fmt::format("setting TCP_CONGESTION to '{}'", name);
  if (error == EPERM) {
    throw_setup_error(
        doing, error,
        fmt::format(
            "this user may choose among '{}' (net.ipv4.tcp_allowed_congestion_control); add it "
            "there or run with CAP_NET_ADMIN",
            sysctl_text("net.ipv4.tcp_allowed_congestion_control")));
  }
  throw_setup_error(
      doing, error,
      fmt::format("this kernel offers '{}' (net.ipv4.tcp_available_congestion_control); "
                  "`modprobe tcp_{}` loads another",
                  sysctl_text("net.ipv4.tcp_available_congestion_control"), name));
}

void choose_congestion(int fd, const std::string& name) {
  if (name.empty()) return;
  if (set_congestion(fd, name) != 0) refuse_congestion(name, errno);
  std::string got;
  const SysResult result = get_congestion(fd, got);
  if (!result.ok()) throw_setup_error("reading TCP_CONGESTION back", result.error);
  // The kernel looks at the first 15 characters only.
  if (got != name) refuse_congestion(name, ENOENT);
}

std::string missing(int error) {
  return "unavailable: " + describe_errno(error);
}

std::string fact(int fd, const Option& option) {
  const SysResult got = get_int(fd, option);
  return got.ok() ? fmt::to_string(got.value) : missing(got.error);
}

std::string nodelay_fact(int fd) {
  const SysResult got = get_int(fd, kNodelay);
  if (!got.ok()) return missing(got.error);
  return std::string(to_text(got.value != 0 ? Switch::on : Switch::off));
}

std::string congestion_fact(int fd) {
  std::string name;
  const SysResult got = get_congestion(fd, name);
  return got.ok() ? name : missing(got.error);
}

}  // namespace

SocketOptions server_options(const Case& the_case) {
  SocketOptions options;
  options.nodelay = the_case.nodelay;
  options.congestion = the_case.congestion;
  options.send_buffer_bytes = the_case.send_buffer_bytes;
  return options;
}

SocketOptions client_options(const Case& the_case) {
  SocketOptions options;
  options.nodelay = the_case.nodelay;
  options.congestion = the_case.congestion;
  options.receive_buffer_bytes = the_case.receive_buffer_bytes;
  options.receive_lowat_bytes = the_case.client_lowat_bytes;
  return options;
}

void apply_options(int fd, const SocketOptions& options) {
  if (get_int(fd, kNodelay).ok()) {  // not on a unix-domain socket
    const std::uint64_t nodelay = options.nodelay == Switch::on ? 1 : 0;
    if (set_and_get(fd, kNodelay, nodelay) != nodelay) {
      throw SetupError(fmt::format("TCP_NODELAY does not read back as {}", nodelay));
    }
  }
  if (options.reuse_port == Switch::on) (void)set_and_get(fd, kReusePort, 1);
  choose_congestion(fd, options.congestion);
  apply_buffers(fd, options);
}

void apply_buffers(int fd, const SocketOptions& options) {
  set_buffer(fd, kSendBuffer, options.send_buffer_bytes, "net.core.wmem_max");
  set_buffer(fd, kReceiveBuffer, options.receive_buffer_bytes, "net.core.rmem_max");
  set_receive_lowat(fd, options.receive_lowat_bytes);
}

Facts effective_options(int fd) {
  return {{"congestion", congestion_fact(fd)},
          {"nodelay", nodelay_fact(fd)},
          {"send_buffer_bytes", fact(fd, kSendBuffer)},
          {"receive_buffer_bytes", fact(fd, kReceiveBuffer)},
          {"receive_lowat_bytes", fact(fd, kReceiveLowat)},
          {"mss_bytes", fact(fd, kSegment)}};
}

std::string default_congestion() {
  const UniqueFd fd(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
  if (!fd) throw_setup_error("creating a TCP socket", errno);
  if (set_congestion(fd.get(), kPreferred) == 0) return std::string(kPreferred);
  std::string name;
  const SysResult got = get_congestion(fd.get(), name);
  if (!got.ok()) throw_setup_error("reading the system's TCP_CONGESTION", got.error);
  return name;
}

}  // namespace ub::net
