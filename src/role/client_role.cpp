#include "client_role.hpp"

#include "uringbench/base/affinity.hpp"
#include "uringbench/link/descriptor.hpp"

namespace ub::role {

net::Endpoint ClientRole::prepare(const protocol::Prepare& prepare) {
  const Case& c = prepare.the_case;
  auto meter = link::descriptor_of(c.link).join(c, prepare.server_id);
  pin_this_thread(parse_cpu_list(c.client_cpus).value_or(allowed_cpus()));
  load_ = meter ? make_metered_load(std::move(meter)) : make_load_generator(prepare);
  return prepare.endpoint;
}

void ClientRole::go() {
  load_->go();
}

void ClientRole::mark(protocol::WindowEdge edge) {
  load_->mark(edge);
}

void ClientRole::fill(Snapshot& snapshot) const {
  if (!load_) return;
  load_->fill(snapshot);
  if (snapshot.failure.empty()) snapshot.failure = late_;
}

void ClientRole::finish(std::uint64_t deadline_ns) {
  effective_ = load_->effective();  // while the sockets are connected
  if (!load_->finish(deadline_ns)) late_ = "the server did not end every connection in time";
}

void ClientRole::conclude(protocol::Finished& finished) const {
  finished.effective = effective_;
  if (load_) finished.requests = load_->requests();
}

}  // namespace ub::role
