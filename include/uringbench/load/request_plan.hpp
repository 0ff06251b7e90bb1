#pragma once

#include <cstdint>

namespace ub::load {

/// The load of workload `rr`.
///
/// On the wire: a request is exactly `request_size_bytes` arbitrary bytes, a response exactly
/// `response_size_bytes`, neither framed. On each connection the server answers every request once,
/// in order; response k is message k mod count of the case's message set.
struct RequestPlan {
  enum class Gaps { fixed, poisson };
  enum class Wait { block, spin };

  std::uint64_t request_size_bytes = 0;
  std::uint64_t response_size_bytes = 0;
  /// Requests in flight per connection, at most. Closed loop: also at least, 1 to kMaxDepth. Open
  /// loop: 0 for no bound.
  std::uint32_t depth = 1;
  /// Requests a second, all connections together, 0 to kMaxRate. 0: closed loop, each response
  /// lets the next request go.
  double rate_per_s = 0;
  Gaps gaps = Gaps::fixed;  ///< open loop: between two requests
  Wait wait = Wait::block;  ///< how the load generator waits for responses
  std::uint64_t seed = 0;   ///< of Poisson gaps

  static constexpr std::uint32_t kMaxDepth = 1024;
  static constexpr double kMaxRate = 1e7;
};

}  // namespace ub::load
