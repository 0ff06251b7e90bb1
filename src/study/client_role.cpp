#include "client_role.hpp"

#include "uringbench/base/affinity.hpp"

namespace ub::study {

net::Endpoint ClientRole::prepare(const Prepare& prepare) {
  pin_this_thread(parse_cpu_list(prepare.the_case.client_cpus).value_or(allowed_cpus()));
  receiver_ = std::make_unique<load::Receiver>(prepare.the_case, prepare.endpoint);
  receiver_->start();
  return prepare.endpoint;
}

void ClientRole::go() {}

void ClientRole::fill(Snapshot& snapshot) const {
  if (!receiver_) return;
  const load::ReceiveCounts counts = receiver_->counts();
  snapshot.received_bytes = counts.bytes;
  snapshot.receive_calls = counts.calls;
  snapshot.failure = counts.failure.empty() ? late_ : counts.failure;
}

void ClientRole::finish(std::uint64_t deadline_ns) {
  effective_ = receiver_->effective();  // while the sockets are connected
  if (receiver_->wait_until_closed(deadline_ns) != load::Receiver::Ending::all_closed) {
    late_ = "the server did not end every connection in time";
    receiver_->abort();
  }
}

}  // namespace ub::study
