#include "server_role.hpp"

#include <fmt/format.h>

#include "uringbench/base/affinity.hpp"
#include "uringbench/base/error.hpp"
#include "uringbench/net/limits.hpp"

namespace ub::study {
namespace {

/// Rings, epoll, eventfds, the listener and the memfd.
constexpr std::uint64_t kOwnDescriptors = 32;

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
  pin_this_thread(parse_cpu_list(c.server_cpus).value_or(allowed_cpus()));
  net::require_file_descriptors(kOwnDescriptors +
                                std::uint64_t{c.clients} * (1 + path.descriptors));
  net::Listener listener = net::listen_on(prepare.endpoint, net::server_options(c), c.clients);
  effective_ = net::effective_options(listener.fd.get());
  engine_ = engine::make_engine({.the_case = c,
                                 .path = &path,
                                 .listener = std::move(listener.fd),
                                 .report_usage = prepare.report_usage});
  engine_->start();
  return listener.endpoint;
}

void ServerRole::go() { engine_->go(); }

void ServerRole::fill(Snapshot& snapshot) const {
  if (!engine_) return;
  engine::EngineCounts counts = engine_->counts();
  snapshot.sends = std::move(counts.sends);
  snapshot.zero_copy = counts.zero_copy;
  snapshot.failure = std::move(counts.failure);
}

void ServerRole::finish(std::uint64_t deadline_ns) { engine_->finish(deadline_ns); }

Facts ServerRole::granted() const { return engine_->granted(); }

Facts ServerRole::effective() const { return effective_; }

}  // namespace ub::study
