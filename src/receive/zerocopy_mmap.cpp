// zerocopy-mmap: TCP_ZEROCOPY_RECEIVE (Linux 4.18) maps whole pages of the receive queue into a
// mapping of the socket instead of copying them. It can only map pages that arrived whole and
// aligned; the rest is received by recv(2).
#include <linux/tcp.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/mman.h>

#include <algorithm>

#include "receive_buffer.hpp"
#include "socket_receive.hpp"
#include "uringbench/base/unique_fd.hpp"
#include "uringbench/receive/registry.hpp"

namespace ub::receive {
namespace {

/// Address space of a socket, into which the kernel maps what arrived.
class SocketMapping {
 public:
  SocketMapping(int fd, std::size_t size_bytes)
      : size_(size_bytes), data_(::mmap(nullptr, size_bytes, PROT_READ, MAP_SHARED, fd, 0)) {}
  SocketMapping(const SocketMapping&) = delete;
  SocketMapping& operator=(const SocketMapping&) = delete;
  ~SocketMapping() {
    if (valid()) ::munmap(data_, size_);
  }

  [[nodiscard]] bool valid() const { return data_ != MAP_FAILED; }
  [[nodiscard]] std::size_t size() const { return size_; }
  [[nodiscard]] void* data() const { return data_; }
  [[nodiscard]] std::span<const std::byte> first(std::size_t bytes) const {
    return {static_cast<const std::byte*>(data_), bytes};
  }

  /// Lets go of the pages now: cheaper than leaving it to the next getsockopt(2), which would do it
  /// with the socket locked.
  void unmap_pages(std::size_t bytes) const { ::madvise(data_, bytes, MADV_DONTNEED); }

 private:
  std::size_t size_;
  void* data_;
};

/// One TCP_ZEROCOPY_RECEIVE. With the fields up to `err` only, which all kernels since 5.6 know; an
/// older one ignores what it does not know while it is 0.
SysResult map_into(const SocketMapping& mapping, int fd, tcp_zerocopy_receive& request) {
  request = {};
  request.address = reinterpret_cast<std::uint64_t>(mapping.data());
  request.length = static_cast<std::uint32_t>(mapping.size());
  socklen_t length = offsetof(tcp_zerocopy_receive, copybuf_address);
  return from_errno(::getsockopt(fd, IPPROTO_TCP, TCP_ZEROCOPY_RECEIVE, &request, &length));
}

class ZerocopyMmap final : public SyscallReceive {
 public:
  explicit ZerocopyMmap(const SyscallContext& context)
      : fd_(context.fd),
        mapping_(fd_, whole_pages(context.buffer_bytes)),
        buffer_(context.buffer_bytes) {
    if (!mapping_.valid()) throw_setup_error("mapping a TCP socket", errno);
  }

  ReceiveProgress receive(Patience patience, ByteSink& sink) override {
    if (to_copy_ > 0) return copy(sink);
    ReceiveProgress progress = map(sink);
    if (progress.state != ReceiveState::would_block || patience == Patience::do_not_wait) {
      return progress;
    }
    // Only now: with bytes in the queue, the usual case under load, there is nothing to wait for.
    const std::uint32_t calls = progress.system_calls + 1;
    pollfd readable{.fd = fd_, .events = POLLIN, .revents = 0};
    if (::poll(&readable, 1, -1) > 0) progress = map(sink);
    progress.system_calls += calls;
    return progress;
  }

 private:
  static std::size_t whole_pages(std::uint64_t bytes) {
    constexpr std::uint64_t kPageBytes = 4096;
    return (bytes + kPageBytes - 1) / kPageBytes * kPageBytes;
  }

  /// Maps what it can; where that is nothing, copies.
  ReceiveProgress map(ByteSink& sink) {
    tcp_zerocopy_receive request{};
    const SysResult result = map_into(mapping_, fd_, request);
    ReceiveProgress progress;
    progress.system_calls = 1;
    if (!result.ok() && result.error != EIO) return failed(progress, result.error);
    if (result.ok() && request.err != 0) return failed(progress, -request.err);
    to_copy_ = result.ok() ? request.recv_skip_hint : 0;
    if (!result.ok() || request.length == 0) {
      progress = to_copy_ > 0 ? copy(sink) : look();
      ++progress.system_calls;
      return progress;
    }
    sink.take(mapping_.first(request.length));
    mapping_.unmap_pages(request.length);
    progress.bytes = request.length;
    progress.mapped = request.length;
    ++progress.system_calls;
    return progress;
  }

  /// Receives of what must be copied before pages can be mapped again (recv_skip_hint).
  ReceiveProgress copy(ByteSink& sink) {
    const auto buffer =
        buffer_.at(0).first(std::min<std::uint64_t>(to_copy_, buffer_.buffer_bytes()));
    const ReceiveProgress progress =
        progress_of_call(::recv(fd_, buffer.data(), buffer.size(), MSG_DONTWAIT));
    to_copy_ -= static_cast<std::uint32_t>(progress.bytes);
    if (progress.bytes > 0) sink.take(buffer.first(progress.bytes));
    return progress;
  }

  /// Learns why there was nothing to map or copy: the queue was empty, or the stream has ended
  /// (TCP_ZEROCOPY_RECEIVE says EIO for that, but not on every kernel), or the socket failed. Takes
  /// nothing: a single byte taken from a page would keep all of it from being mapped.
  ReceiveProgress look() {
    std::byte byte{};
    ReceiveProgress progress = progress_of_call(::recv(fd_, &byte, 1, MSG_PEEK | MSG_DONTWAIT));
    if (progress.bytes == 0) return progress;
    progress.bytes = 0;  // it came just now
    progress.state = ReceiveState::would_block;
    return progress;
  }

  static ReceiveProgress failed(ReceiveProgress progress, int error) {
    progress.state = ReceiveState::failed;
    progress.error = error;
    return progress;
  }

  int fd_;
  SocketMapping mapping_;
  ReceiveBuffers buffer_;
  std::uint32_t to_copy_ = 0;
};

std::optional<std::string> why_not() {
  const UniqueFd socket(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
  const SocketMapping mapping(socket.get(), 4096);
  if (!mapping.valid()) {
    return "mapping a TCP socket: " + describe_errno(errno) + " (Linux 4.18, CONFIG_MMU)";
  }
  tcp_zerocopy_receive request{};
  const SysResult result = map_into(mapping, socket.get(), request);
  if (result.ok()) return std::nullopt;
  return "TCP_ZEROCOPY_RECEIVE (Linux 4.18): " + describe_errno(result.error);
}

}  // namespace

Descriptor zerocopy_mmap_receive() {
  Descriptor path;
  path.name = "zerocopy-mmap";
  path.summary = "TCP_ZEROCOPY_RECEIVE: whole pages are mapped, the rest is received by recv(2)";
  path.delivery = Delivery::mapped;
  path.syscall_probe = why_not;
  path.make_syscall = [](const SyscallContext& context) {
    return std::make_unique<ZerocopyMmap>(context);
  };
  return path;
}

}  // namespace ub::receive
