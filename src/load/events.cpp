#include "events.hpp"

#include <sys/eventfd.h>

#include <array>
#include <cerrno>

#include "uringbench/base/check.hpp"
#include "uringbench/base/error.hpp"
#include "uringbench/net/poll.hpp"

namespace ub::load {

UniqueFd make_event() {
  UniqueFd event(::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK));
  if (!event) throw_setup_error("creating an eventfd", errno);
  return event;
}

Ending wait_for_ending(const EndingEvents& events, std::uint64_t deadline_ns) {
  std::array<pollfd, 3> fds{{{events.all_finished, POLLIN, 0},
                             {events.aborted, POLLIN, 0},
                             {events.interrupt, POLLIN, 0}}};
  const SysResult ready = net::poll_until(fds, deadline_ns);
  check(ready.ok(), "poll(2) on our own descriptors works");
  if (ready.value == 0) return Ending::deadline;
  if (fds[1].revents != 0) return Ending::interrupted;
  return fds[0].revents != 0 ? Ending::all_closed : Ending::interrupted;
}

}  // namespace ub::load
