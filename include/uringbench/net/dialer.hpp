#pragma once

#include <sys/socket.h>

#include <string>
#include <vector>

#include "uringbench/base/unique_fd.hpp"
#include "uringbench/net/socket.hpp"

namespace ub::net {

/// Makes one connection after another to the same endpoint. Each is like one of connect_to(), but
/// nothing is waited for, and nothing is read back: a connection to the same endpoint with the same
/// options was there before. Options that a fresh socket has anyway are not set again.
class Dialer {
 public:
  /// Throws SetupError.
  Dialer(const Endpoint& endpoint, const SocketOptions& options);

  struct Dialed {
    UniqueFd fd;    ///< non-blocking; writable when it is connected
    int error = 0;  ///< of socket(2), setsockopt(2) or connect(2)
  };
  /// Begins to connect. Does not allocate; any thread.
  [[nodiscard]] Dialed dial() const;

 private:
  struct Option {
    int level = 0;
    int number = 0;
    std::string value;  ///< its bytes
  };

  [[nodiscard]] int set_options(int fd) const;

  sockaddr_storage address_{};
  socklen_t length_ = 0;
  std::vector<Option> options_;
};

/// How the connecting of a socket that has become writable, or is in error, came out: 0 or errno.
int connect_error(int fd);

/// What to do about an errno of connecting, with the limit by its name; empty where it needs no
/// explanation.
std::string connect_hint(int error);

}  // namespace ub::net
