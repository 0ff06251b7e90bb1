#pragma once

#include <cstdint>

#include "uringbench/model/case.hpp"

namespace ub::engine {

/// How many operations a connection may begin. A stream has no end of them; a server of requests
/// owes one response for each whole request that has come; one that only receives owes none.
class Credit {
 public:
  explicit Credit(const Case& the_case)
      : endless_(!receives(the_case.workload)),
        request_bytes_(has_requests(the_case.workload) ? the_case.request_size_bytes : 0) {}

  [[nodiscard]] bool any() const { return endless_ || owed_ > 0; }

  /// Bytes of requests have come; they need not end where a request does.
  void earn(std::uint64_t bytes) {
    if (request_bytes_ == 0) return;
    partial_bytes_ += bytes;
    if (partial_bytes_ < request_bytes_) return;
    owed_ += partial_bytes_ / request_bytes_;
    partial_bytes_ %= request_bytes_;
  }

  /// One operation begins. Needs any().
  void spend() {
    if (!endless_) --owed_;
  }

  /// What has come of the next request does not make a whole one.
  [[nodiscard]] bool in_mid_request() const { return partial_bytes_ > 0; }

 private:
  bool endless_;
  std::uint64_t request_bytes_;
  std::uint64_t partial_bytes_ = 0;
  std::uint64_t owed_ = 0;
};

}  // namespace ub::engine
