#include "uringbench/net/channel.hpp"

#include <fmt/format.h>
#include <limits.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>

#include "strict_json.hpp"
#include "uringbench/base/check.hpp"
#include "uringbench/base/clock.hpp"
#include "uringbench/base/error.hpp"
#include "uringbench/net/poll.hpp"

namespace ub::net {
namespace {

using Kind = ChannelEnd::Kind;

constexpr std::size_t kLengthBytes = 4;

std::string header_of(std::size_t size_bytes) {
  std::string header;
  for (const unsigned shift : {24U, 16U, 8U, 0U}) {
    header.push_back(static_cast<char>((size_bytes >> shift) & 0xffU));
  }
  return header;
}

std::size_t length_in(std::string_view header) {
  std::size_t length = 0;
  for (const char byte : header.substr(0, kLengthBytes)) {
    length = length << 8U | static_cast<unsigned char>(byte);
  }
  return length;
}

bool has_type(const Json& message) {
  return message.is_object() && message.contains("type") && message["type"].is_string();
}

bool is_socket(int fd) {
  struct stat status {};
  return ::fstat(fd, &status) == 0 && S_ISSOCK(status.st_mode);
}

/// So many bytes never block on a pipe that poll(2) calls writable (pipe(7)).
SysResult write_some(int fd, std::string_view bytes) {
  const std::size_t most = std::min<std::size_t>(bytes.size(), PIPE_BUF);
  return from_errno(::write(fd, bytes.data(), most));
}

}  // namespace

Channel::Channel(UniqueFd fd) : in_(std::move(fd)), reads_socket_(true), writes_socket_(true) {}

Channel::Channel(UniqueFd in, UniqueFd out)
    : in_(std::move(in)),
      out_(std::move(out)),
      reads_socket_(is_socket(in_.get())),
      writes_socket_(is_socket(out_.get())) {}

std::optional<ChannelEnd> Channel::send(const Json& message) {
  check(has_type(message), "a control message is an object with a \"type\" text");
  if (over_) return over_;
  const std::string text = message.dump(-1, ' ', false, Json::error_handler_t::replace);
  if (text.size() > kMaxMessageBytes) {
    return end(Kind::failed, fmt::format("a message of {} bytes is larger than the {} allowed",
                                         text.size(), kMaxMessageBytes));
  }
  return send_bytes(header_of(text.size()) + text);
}

void Channel::last_words(const Json& message) {
  if (!over_ || !sends_whole_) return;
  const ChannelEnd end = *std::exchange(over_, std::nullopt);
  (void)send(message);
  over_ = end;
}

std::optional<ChannelEnd> Channel::send_bytes(std::string_view bytes) {
  const std::uint64_t deadline_ns = now_ns() + kSendTimeoutNs;
  while (!bytes.empty()) {
    pollfd writable{out_fd(), POLLOUT, 0};
    const SysResult ready = poll_until({&writable, 1}, deadline_ns);
    if (!ready.ok()) return end(Kind::failed, "poll: " + describe_errno(ready.error));
    if (ready.value == 0) return end(Kind::failed, "the peer has stopped reading");
    const SysResult sent =
        writes_socket_
            ? from_errno(::send(out_fd(), bytes.data(), bytes.size(), MSG_NOSIGNAL | MSG_DONTWAIT))
            : write_some(out_fd(), bytes);
    if (sent.ok()) {
      bytes.remove_prefix(static_cast<std::size_t>(sent.value));
      sends_whole_ = bytes.empty();
    } else if (sent.error == EPIPE || sent.error == ECONNRESET) {
      return end(Kind::closed, "the peer is gone: " + describe_errno(sent.error));
    } else if (sent.error != EINTR && sent.error != EAGAIN) {
      return end(Kind::failed, "send: " + describe_errno(sent.error));
    }
  }
  return std::nullopt;
}

std::variant<Json, ChannelEnd> Channel::receive(std::uint64_t deadline_ns, int interrupt_fd) {
  if (over_) return *over_;
  if (auto ended = fill(kLengthBytes, deadline_ns, interrupt_fd)) return *ended;
  const std::size_t length = length_in(received_);
  if (length > kMaxMessageBytes) {
    return end(Kind::malformed, fmt::format("a message of {} bytes is announced; {} are allowed",
                                            length, kMaxMessageBytes));
  }
  if (auto ended = fill(kLengthBytes + length, deadline_ns, interrupt_fd)) return *ended;
  auto parsed =
      parse_strictly(std::string_view(received_).substr(kLengthBytes), {kMaxDepth, kMaxValues});
  received_.clear();
  if (const auto* fault = std::get_if<std::string>(&parsed)) return end(Kind::malformed, *fault);
  if (!has_type(std::get<Json>(parsed))) {
    return end(Kind::malformed, "a message is not an object with a \"type\" text");
  }
  return std::get<Json>(std::move(parsed));
}

/// Reads until `received_` holds `size_bytes`, never more: the next message stays in the kernel.
std::optional<ChannelEnd> Channel::fill(std::size_t size_bytes, std::uint64_t deadline_ns,
                                        int interrupt_fd) {
  while (received_.size() < size_bytes) {
    if (auto ended = wait_readable(deadline_ns, interrupt_fd)) return ended;
    if (auto ended = read_some(size_bytes - received_.size())) return ended;
  }
  return std::nullopt;
}

std::optional<ChannelEnd> Channel::wait_readable(std::uint64_t deadline_ns, int interrupt_fd) {
  // poll(2) skips an entry whose fd is negative.
  std::array<pollfd, 2> fds{{{in_.get(), POLLIN, 0}, {interrupt_fd, POLLIN, 0}}};
  const SysResult ready = poll_until(fds, deadline_ns);
  if (!ready.ok()) return end(Kind::failed, "poll: " + describe_errno(ready.error));
  // The interruption goes first, or a peer that never stops talking would hide it.
  if (fds[1].revents != 0) return ChannelEnd{Kind::interrupted, "interrupted"};
  if (ready.value == 0) return ChannelEnd{Kind::timeout, "the peer did not answer in time"};
  return std::nullopt;
}

std::optional<ChannelEnd> Channel::read_some(std::size_t most_bytes) {
  // Small pieces: an announced length costs no memory before its bytes are there.
  std::array<char, 16U << 10U> piece;
  const std::size_t room = std::min(piece.size(), most_bytes);
  const SysResult got = from_errno(
      reads_socket_ ? ::recv(in_.get(), piece.data(), room, MSG_DONTWAIT)
                    : ::read(in_.get(), piece.data(), room));  // poll(2) said it is there
  if (got.ok() && got.value > 0) {
    received_.append(piece.data(), static_cast<std::size_t>(got.value));
    return std::nullopt;
  }
  if (got.ok()) {
    return end(Kind::closed,
               received_.empty()
                   ? "the peer closed the channel"
                   : fmt::format("the peer closed the channel inside a message, after "
                                 "{} bytes",
                                 received_.size()));
  }
  if (got.error == EAGAIN || got.error == EINTR) return std::nullopt;
  if (got.error == ECONNRESET) return end(Kind::closed, "the peer is gone: ECONNRESET");
  return end(Kind::failed, "recv: " + describe_errno(got.error));
}

ChannelEnd Channel::end(ChannelEnd::Kind kind, std::string reason) {
  over_ = ChannelEnd{kind, std::move(reason)};
  return *over_;
}

std::pair<UniqueFd, UniqueFd> channel_pair() {
  std::array<int, 2> fds{};
  if (::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, fds.data()) != 0) {
    throw_setup_error("creating a socket pair for the control channel", errno,
                      errno == EMFILE || errno == ENFILE ? "raise `ulimit -n`" : "");
  }
  return {UniqueFd(fds[0]), UniqueFd(fds[1])};
}

}  // namespace ub::net
