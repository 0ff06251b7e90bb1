#pragma once

namespace ub::engine {

/// Whether an errno of accept(2) concerns one client that is gone again and no other; accept(2)
/// lists these as to be treated like EAGAIN. After any other, EMFILE most of all, asking again
/// would only turn in a circle.
bool concerns_one_client(int accept_error);

}  // namespace ub::engine
