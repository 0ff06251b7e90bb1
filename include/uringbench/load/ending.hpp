#pragma once

namespace ub::load {

/// How a wait for the end of all connections came out: every one has ended, well or badly; the
/// deadline passed; the interrupt descriptor became readable or the load generator was aborted.
enum class Ending { all_closed, deadline, interrupted };

}  // namespace ub::load
