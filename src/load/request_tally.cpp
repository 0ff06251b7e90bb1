#include "request_tally.hpp"

namespace ub::load {

void RequestTally::add_to(RequestCounts& counts) const {
  counts.planned += get(Figure::planned);
  counts.requests += get(Figure::requests);
  counts.responses += get(Figure::responses);
  counts.sent_bytes += get(Figure::sent_bytes);
  counts.received_bytes += get(Figure::received_bytes);
  counts.send_calls += get(Figure::send_calls);
  counts.receive_calls += get(Figure::receive_calls);
  counts.late += get(Figure::late);
  counts.held += get(Figure::held);
  counts.out_of_tickets += get(Figure::out_of_tickets);
  counts.abandoned += get(Figure::abandoned);
  counts.ended += static_cast<std::uint32_t>(get(Figure::ended));
}

}  // namespace ub::load
