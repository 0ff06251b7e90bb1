#include "ring_setup.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "uringbench/base/error.hpp"
#include "uringbench/base/units.hpp"
#include "uringbench/net/limits.hpp"

namespace ub::engine {
namespace {

/// A zero-copy send completes twice, and a burst may come from every connection at once.
unsigned completion_entries(std::uint32_t clients) {
  return std::max(uring::RingOptions{}.cq_entries, clients * 4U);
}

}  // namespace

uring::RingOptions ring_options(const Case& c) {
  uring::RingOptions options;
  options.cq_entries = c.ring.cq_entries > 0 ? c.ring.cq_entries : completion_entries(c.clients);
  // The kernel refuses a completion queue that is shorter than the other (io_uring_setup(2)).
  options.sq_entries = std::min(options.sq_entries, options.cq_entries);
  switch (c.ring.setup) {
    case RingSetup::best:
      break;
    case RingSetup::defer:
      options.task_run = uring::TaskRun::defer;
      break;
    case RingSetup::coop:
      options.task_run = uring::TaskRun::coop;
      break;
    case RingSetup::plain:
      options.task_run = uring::TaskRun::plain;
      break;
    case RingSetup::sqpoll:
      options.submission = uring::Submission::kernel_thread;
      break;
  }
  if (c.ring.registered_fd == Switch::off) options.own_fd = uring::OwnFd::not_registered;
  options.napi_busy_poll_us = c.ring.napi_busy_poll_us;
  options.min_wait_us = c.ring.min_wait_us;
  options.min_wait_completions = std::min(c.clients + 1, 64U);
  return options;
}

void register_messages(uring::Ring& ring, std::span<std::byte> region) {
  const SysResult result = ring.register_buffer(uring::BufferSlot::send, region);
  if (result.ok()) return;
  throw_setup_error(
      fmt::format("registering {} of messages (locked-memory limit {})", format_size(region.size()),
                  format_size(net::memlock_limit_bytes())),
      result.error,
      fmt::format("raise the limit with `ulimit -l {}`, or choose a smaller --working-set",
                  (region.size() >> 10U) + 1024));
}

Facts granted_by(const uring::Ring& ring) {
  return {{"ring_task_run", std::string(to_text(ring.task_run()))},
          {"ring_submission", std::string(to_text(ring.submission()))},
          {"ring_registered_fd", ring.registered_fd() ? "yes" : "no"},
          {"ring_napi_busy_poll", ring.napi()},
          {"ring_cq_entries", fmt::format("{}", ring.cq_entries())},
          {"ring_features", fmt::format("{:#x}", ring.features())}};
}

}  // namespace ub::engine
