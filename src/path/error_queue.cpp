#include "error_queue.hpp"

#include <linux/errqueue.h>
#include <netinet/in.h>
#include <sys/socket.h>

#include <array>
#include <cerrno>
#include <optional>

#include "uringbench/base/error.hpp"

namespace ub::path {
namespace {
constexpr std::size_t kFirstSlots = 256;
}  // namespace

ZerocopyIds::ZerocopyIds(std::uint32_t first) : slots_(kFirstSlots), oldest_(first), next_(first) {}

void ZerocopyIds::issued(std::uint32_t operation) {
  if (next_ - oldest_ == slots_.size()) grow();
  slot(next_) = {operation, false};
  ++next_;
}

bool ZerocopyIds::is_issued(std::uint32_t id) const {
  return id - oldest_ < next_ - oldest_;  // unsigned distances: right across the wrap
}

bool ZerocopyIds::are_outstanding(std::uint32_t lo, std::uint32_t hi) const {
  if (!is_issued(lo) || !is_issued(hi) || hi - oldest_ < lo - oldest_) return false;
  for (std::uint32_t id = lo; id != hi + 1; ++id) {
    if (slot(id).done) return false;
  }
  return true;
}

bool ZerocopyIds::completed(std::uint32_t lo, std::uint32_t hi, CopyReport copy,
                            Releases& releases) {
  if (!are_outstanding(lo, hi)) return false;
  for (std::uint32_t id = lo; id != hi + 1; ++id) {
    slot(id).done = true;
    releases.push_back({slot(id).operation, copy});
  }
  while (oldest_ != next_ && slot(oldest_).done) ++oldest_;
  return true;
}

void ZerocopyIds::grow() {
  std::vector<Slot> larger(slots_.size() * 2);
  for (std::uint32_t id = oldest_; id != next_; ++id) {
    larger[id & (larger.size() - 1)] = slot(id);
  }
  slots_ = std::move(larger);
}

namespace {

/// The extended error of a message from the error queue (ip(7), IP_RECVERR); nullopt for other
/// cargo.
std::optional<sock_extended_err> extended_error(msghdr& message) {
  for (cmsghdr* control = CMSG_FIRSTHDR(&message); control != nullptr;
       control = CMSG_NXTHDR(&message, control)) {
    const bool ipv4 = control->cmsg_level == SOL_IP && control->cmsg_type == IP_RECVERR;
    const bool ipv6 = control->cmsg_level == SOL_IPV6 && control->cmsg_type == IPV6_RECVERR;
    if (!ipv4 && !ipv6) continue;
    sock_extended_err error{};
    __builtin_memcpy(&error, CMSG_DATA(control), sizeof error);
    return error;
  }
  return std::nullopt;
}

bool take(const sock_extended_err& error, ZerocopyIds& ids, Releases& releases) {
  const bool copied = (error.ee_code & SO_EE_CODE_ZEROCOPY_COPIED) != 0;
  return ids.completed(error.ee_info, error.ee_data, copied ? CopyReport::copied : CopyReport::real,
                       releases);
}

}  // namespace

void enable_zerocopy(int fd) {
  const int on = 1;
  if (::setsockopt(fd, SOL_SOCKET, SO_ZEROCOPY, &on, sizeof on) != 0) {
    throw_setup_error("SO_ZEROCOPY", errno, "MSG_ZEROCOPY needs Linux 4.14 and a TCP socket");
  }
}

Reaped read_error_queue(int fd, ZerocopyIds& ids, Releases& releases) {
  Reaped reaped;
  for (;;) {
    alignas(cmsghdr) std::array<std::byte, 128> control;
    msghdr message{};
    message.msg_control = control.data();
    message.msg_controllen = control.size();
    ++reaped.system_calls;
    if (::recvmsg(fd, &message, MSG_ERRQUEUE | MSG_DONTWAIT) < 0) {
      if (errno != EAGAIN && errno != EINTR) reaped.error = errno;
      return reaped;
    }
    const auto error = extended_error(message);
    if (!error) continue;
    ++reaped.notifications;
    if (error->ee_origin != SO_EE_ORIGIN_ZEROCOPY) {
      reaped.error = static_cast<int>(error->ee_errno);
    } else if (!take(*error, ids, releases)) {
      reaped.error = EPROTO;  // a range we never issued: releasing on it could free a buffer in use
      return reaped;
    }
  }
}

}  // namespace ub::path
