#include "request_loop.hpp"

#include "uringbench/base/clock.hpp"

namespace ub::load {

std::uint64_t sleep_ns(std::uint64_t due_ns, std::uint64_t now_ns) {
  if (due_ns == Watcher::kForever) return Watcher::kForever;
  if (due_ns <= now_ns + kSpinNs) return 0;
  const std::uint64_t left_ns = due_ns - now_ns - kSpinNs;
  return left_ns - left_ns / 512;
}

void run_blocking(RequestLane& lane, Watcher& watcher) {
  while (true) {
    lane.tend();
    if (!lane.goes_on()) return;
    for (const epoll_event& event : watcher.wait(sleep_ns(lane.next_due_ns(), now_ns()))) {
      Conversation* const conversation = Watcher::conversation_of(event);
      if (conversation != nullptr) lane.serve(*conversation);
      lane.tend();
    }
  }
}

void run_spinning(RequestLane& lane) {
  while (true) {
    lane.tend();
    if (!lane.goes_on()) return;
    for (Conversation& conversation : lane.conversations()) {
      if (!lane.expects(conversation)) continue;
      lane.serve(conversation);
      lane.tend();
    }
  }
}

}  // namespace ub::load
