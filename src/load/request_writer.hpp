#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "conversation.hpp"
#include "latency_book.hpp"
#include "uringbench/load/request_plan.hpp"
#include "uringbench/model/counts.hpp"

namespace ub::load {

/// What the writer and the reader of one thread share.
struct Accounts {
  TicketPool* pool = nullptr;
  LatencyBook* book = nullptr;
  Tally<LoadCounts>* tally = nullptr;
};

/// Sends requests: as many as may go in one send(2), since requests are all alike. So a connection
/// with several due costs one call, whichever server it talks to.
class RequestWriter {
 public:
  RequestWriter(const RequestPlan& plan, const Accounts& accounts);

  /// Sends what is due on `conversation`, up to the depth. 0 or a positive errno; a full socket is
  /// no error but `socket_full`.
  int send_due(Conversation& conversation);

 private:
  [[nodiscard]] std::uint32_t sendable(const Conversation& conversation) const;
  int send_once(Conversation& conversation, std::uint32_t requests);
  void account(Conversation& conversation, std::size_t bytes, std::uint64_t now_ns);
  void stamp(const Conversation& conversation, Ticket& ticket, std::uint64_t now_ns);

  Accounts accounts_;
  std::size_t size_bytes_;  ///< of a request
  std::uint32_t depth_;
  Loop loop_;
  std::vector<std::byte> requests_;  ///< the same request, over and over
};

}  // namespace ub::load
