#include "drain.hpp"

#include <poll.h>

#include "uringbench/base/check.hpp"

namespace ub::receive {
namespace {

constexpr int kPatienceMs = 30'000;
constexpr std::uint64_t kPatienceNs = 30'000'000'000;

bool is_last(const Outcome& outcome) {
  return outcome.state == ReceiveState::ended || outcome.state == ReceiveState::failed;
}

void account(Outcome& outcome, const ReceiveProgress& progress, const Drain& options) {
  check((progress.state == ReceiveState::received) == (progress.bytes > 0),
        "bytes come with their state only");
  outcome.bytes += progress.bytes;
  outcome.mapped += progress.mapped;
  outcome.system_calls += progress.system_calls;
  outcome.state = progress.state;
  outcome.error = progress.error;
  if (progress.state == ReceiveState::exhausted) ++outcome.exhausted;
  if (options.on_bytes) options.on_bytes(outcome.bytes);
}

Outcome drain_by_calls(const Drain& options, ByteSink& sink) {
  const auto path =
      options.path->make_syscall({.fd = options.fd, .buffer_bytes = options.buffer_bytes});
  const Patience patience = options.way == Way::waits ? Patience::wait : Patience::do_not_wait;
  Outcome outcome;
  while (!is_last(outcome)) {
    account(outcome, path->receive(patience, sink), options);
    if (outcome.state != ReceiveState::would_block) continue;
    pollfd readable{.fd = options.fd, .events = POLLIN, .revents = 0};
    if (::poll(&readable, 1, kPatienceMs) <= 0) break;
  }
  return outcome;
}

Outcome drain_by_ring(const Drain& options, ByteSink& sink) {
  uring::Ring ring({.sq_entries = 8, .cq_entries = 256});
  std::unique_ptr<RingShared> shared;
  if (options.path->make_shared) {
    shared = options.path->make_shared({.ring = &ring,
                                        .buffer_bytes = options.buffer_bytes,
                                        .memory_bytes = options.memory_bytes});
  }
  const auto path = options.path->make_ring({.ring = &ring,
                                             .shared = shared.get(),
                                             .fd = options.fd,
                                             .buffer_bytes = options.buffer_bytes});
  Outcome outcome;
  Armed armed = Armed::no;
  while (!is_last(outcome)) {
    if (armed == Armed::no) path->arm(ring.next_sqe());
    armed = Armed::yes;
    if (!ring.submit_and_wait(kPatienceNs)) break;
    ring.for_each_completion([&](const uring::Completion& completion) {
      const ReceiveProgress progress = path->complete(completion, sink);
      account(outcome, progress, options);
      armed = progress.armed;
      if (progress.bytes > 0 && armed == Armed::no) ++outcome.ended_early;
    });
  }
  if (shared) {
    outcome.buffers = shared->buffers();
    outcome.buffers_free = shared->buffers_free();
  }
  return outcome;
}

}  // namespace

EngineKind engine_of(Way way) {
  switch (way) {
    case Way::waits:
      return EngineKind::pthread;
    case Way::polls:
      return EngineKind::epoll;
    case Way::rings:
      return EngineKind::uring;
  }
  fail_check("every way has an engine");
}

const uring::Probe& probe() {
  static const uring::Probe the_probe = uring::Probe::run();
  return the_probe;
}

Outcome drain(const Drain& options, ByteSink& sink) {
  return options.way == Way::rings ? drain_by_ring(options, sink) : drain_by_calls(options, sink);
}

}  // namespace ub::receive
