#pragma once

#include <poll.h>

#include <cstdint>
#include <span>

#include "uringbench/base/error.hpp"

namespace ub::net {

/// poll(2) until `deadline_ns` of now_ns(), restarted after signals. The value is the number of
/// ready descriptors, 0 when the deadline has passed; each is looked at once even then.
SysResult poll_until(std::span<pollfd> fds, std::uint64_t deadline_ns);

}  // namespace ub::net
