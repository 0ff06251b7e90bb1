#pragma once

#include <cstdint>
#include <string>

#include "uringbench/model/sample.hpp"

namespace ub::load {

/// What has happened on all connections so far. After the end, without a failure,
/// `requests` = `responses`, and in an open loop `planned` = `requests` + `abandoned`.
struct RequestCounts {
  std::uint64_t planned = 0;         ///< open loop: requests that have fallen due
  std::uint64_t requests = 0;        ///< that the kernel took whole
  std::uint64_t responses = 0;       ///< that arrived whole; with `verify`: and were right
  std::uint64_t sent_bytes = 0;      ///< of requests
  std::uint64_t received_bytes = 0;  ///< of responses
  std::uint64_t send_calls = 0;      ///< send(2) calls that took something
  std::uint64_t receive_calls = 0;   ///< recv(2) calls that gave something
  /// Open loop: sent more than kLateNs after their time by the load generator's own fault.
  std::uint64_t late = 0;
  /// Open loop: sent late because the server left no room: the socket was full, `depth` requests
  /// were in flight, or there were no more tickets.
  std::uint64_t held = 0;
  /// Open loop: fell due when there was no ticket left: so many requests of one thread were under
  /// way or due that the load generator could not keep account of more. They are caught up with.
  std::uint64_t out_of_tickets = 0;
  /// Fell due but were never sent: the run ended before, or the connection had failed.
  std::uint64_t abandoned = 0;
  std::uint32_t ended = 0;  ///< connections that the server closed or that failed
  std::string failure;      ///< empty while all is well; else the first thing that went wrong

  static constexpr std::uint64_t kLateNs = RequestFigures::kLateNs;
};

}  // namespace ub::load
