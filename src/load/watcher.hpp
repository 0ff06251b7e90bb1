#pragma once

#include <sys/epoll.h>

#include <array>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <span>
#include <vector>

#include "conversation.hpp"
#include "uringbench/base/unique_fd.hpp"

namespace ub::load {

/// The epoll instance of one thread. Level-triggered for sockets; room to send is watched for only
/// while a socket is full.
class Watcher {
 public:
  static constexpr std::uint64_t kForever = std::numeric_limits<std::uint64_t>::max();

  enum class Interest { receive, receive_and_send };

  /// `conversations` stay where they are. A write to the eventfd `wake` ends one wait(). Throws
  /// SetupError, also on a kernel without epoll_pwait2(2) (Linux 5.11): the milliseconds of
  /// epoll_wait(2) are too coarse to send on time.
  Watcher(std::vector<Conversation>& conversations, int wake);

  /// Which conversations are ready, within `timeout_ns`; perhaps none. nullptr is the wake-up.
  /// Valid until the next call.
  std::span<const epoll_event> wait(std::uint64_t timeout_ns);

  void set_interest(Conversation& conversation, Interest interest);
  void forget(const Conversation& conversation);

  static Conversation* conversation_of(const epoll_event& event) {
    return static_cast<Conversation*>(event.data.ptr);
  }

 private:
  void add(int fd, std::uint32_t events, void* data);

  UniqueFd epoll_;
  /// As many as epoll_pwait2(2) may hand over at once: enough to make its cost vanish, few enough
  /// (3 KiB) to stay in the first-level cache.
  std::array<epoll_event, 256> events_{};
};

}  // namespace ub::load
