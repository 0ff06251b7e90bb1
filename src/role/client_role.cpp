#include "client_role.hpp"

#include "uringbench/base/affinity.hpp"

namespace ub::role {

net::Endpoint ClientRole::prepare(const protocol::Prepare& prepare) {
  pin_this_thread(parse_cpu_list(prepare.the_case.client_cpus).value_or(allowed_cpus()));
  histogram_ = prepare.histogram;
  crew_ = std::make_unique<load::Crew>(load::CrewSetup{.the_case = prepare.the_case,
                                                       .server = prepare.endpoint,
                                                       .seed = prepare.seed,
                                                       .token = prepare.token,
                                                       .server_id = prepare.server_id});
  crew_->start();
  return prepare.endpoint;
}

void ClientRole::go() {
  crew_->go();
}

void ClientRole::mark(protocol::WindowEdge edge) {
  using Mark = load::Crew::Mark;
  crew_->mark_window(edge == protocol::WindowEdge::begin ? Mark::begin : Mark::end);
}

void ClientRole::fill(Snapshot& snapshot) const {
  if (!crew_) return;
  const load::Counts counts = crew_->counts();
  snapshot.load = counts;
  snapshot.failure = counts.failure.empty() ? late_ : counts.failure;
}

void ClientRole::finish(std::uint64_t deadline_ns) {
  effective_ = crew_->effective();  // while the sockets are connected
  if (crew_->finish(deadline_ns) == load::Ending::all_closed) return;
  crew_->abort();
  late_ = "the server did not end every connection in time";
}

void ClientRole::conclude(protocol::Finished& finished) const {
  finished.effective = effective_;
  if (crew_) finished.requests = crew_->requests(histogram_);
}

}  // namespace ub::role
