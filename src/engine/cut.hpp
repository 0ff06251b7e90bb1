#pragma once

#include <sys/socket.h>

namespace ub::engine {

/// Ends a connection by force: whoever blocks on it wakes at once, and closing it will reset it and
/// empty its send queue (socket(7), SO_LINGER). After a mere shutdown the kernel would go on
/// sending for as long as the peer takes to read, and from messages that are gone by then.
inline void cut(int fd) {
  const linger reset{.l_onoff = 1, .l_linger = 0};
  ::setsockopt(fd, SOL_SOCKET, SO_LINGER, &reset, sizeof reset);
  ::shutdown(fd, SHUT_RDWR);
}

}  // namespace ub::engine
