#include "client_role.hpp"

#include "uringbench/base/affinity.hpp"
#include "uringbench/link/device.hpp"
#include "uringbench/link/network.hpp"

namespace ub::role {

net::Endpoint ClientRole::prepare(const protocol::Prepare& prepare) {
  if (prepare.the_case.link == Link::veth) {
    link::take_veth_peer(prepare.server_id, prepare.the_case.device);
  }
  pin_this_thread(parse_cpu_list(prepare.the_case.client_cpus).value_or(allowed_cpus()));
  load_ = make_load_generator(prepare);
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
