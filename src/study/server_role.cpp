#include "server_role.hpp"

#include <fmt/format.h>

#include <chrono>
#include <thread>

#include "uringbench/base/affinity.hpp"
#include "uringbench/base/clock.hpp"
#include "uringbench/base/error.hpp"
#include "uringbench/base/units.hpp"
#include "uringbench/net/limits.hpp"

namespace ub::study {
namespace {

/// Rings, epoll, eventfds, the listener and the memfd.
constexpr std::uint64_t kOwnDescriptors = 32;

/// A full accept queue costs SYN retransmissions of 1, 2 and 4 s.
constexpr std::uint64_t kAcceptNs = 20'000'000'000;

const path::Descriptor& path_of(const Case& the_case) {
  const path::Descriptor* path = path::find(the_case.path);
  if (path == nullptr) {
    throw SetupError(fmt::format("this program has no path '{}'", the_case.path));
  }
  return *path;
}

}  // namespace

net::Endpoint ServerRole::prepare(const Prepare& prepare) {
  const Case& c = prepare.the_case;
  const path::Descriptor& path = path_of(c);
  clients_ = c.clients;
  const CpuList everywhere = allowed_cpus();
  pin_this_thread(parse_cpu_list(c.server_cpus).value_or(everywhere));
  net::require_file_descriptors(kOwnDescriptors +
                                std::uint64_t{c.clients} * (1 + path.descriptors));
  net::Listener listener = net::listen_on(prepare.endpoint, net::server_options(c), c.clients);
  effective_ = net::effective_options(listener.fd.get());
  engine_ = engine::make_engine({.the_case = c,
                                 .path = &path,
                                 .listener = std::move(listener.fd),
                                 .report_usage = prepare.report_usage});
  engine_->start();
  // The engine's threads stay on the server's CPUs. This one only answers the runner, and among
  // 10,000 runnable threads of a thread-per-client server it would wait many seconds for its turn.
  pin_this_thread(everywhere);
  return listener.endpoint;
}

/// Every client has connected by now, but some may still be in the accept queue: once others send,
/// an acceptor that shares their CPU would be starved.
void ServerRole::wait_for_clients() const {
  const std::uint64_t deadline = now_ns() + kAcceptNs;
  for (;;) {
    const engine::EngineCounts counts = engine_->counts();
    if (counts.accepted == clients_) return;
    if (!counts.failure.empty()) throw SetupError(counts.failure);
    if (now_ns() > deadline) {
      throw SetupError(fmt::format("only {} of {} clients were accepted within {}", counts.accepted,
                                   clients_, format_duration(kAcceptNs)));
    }
    std::this_thread::sleep_for(std::chrono::milliseconds(1));
  }
}

void ServerRole::go() {
  wait_for_clients();
  engine_->go();
}

void ServerRole::fill(Snapshot& snapshot) const {
  if (!engine_) return;
  engine::EngineCounts counts = engine_->counts();
  snapshot.sends = std::move(counts.sends);
  snapshot.zero_copy = counts.zero_copy;
  snapshot.failure = std::move(counts.failure);
}

void ServerRole::finish(std::uint64_t deadline_ns) {
  engine_->finish(deadline_ns);
}

Facts ServerRole::granted() const {
  return engine_->granted();
}

Facts ServerRole::effective() const {
  return effective_;
}

}  // namespace ub::study
