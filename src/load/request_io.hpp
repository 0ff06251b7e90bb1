#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "generator.hpp"

/// Both directions of a connection with requests, a system call at a time.
///
/// On the wire: a request is exactly `request_size_bytes` arbitrary bytes, a response exactly
/// `size_bytes`, neither framed. On each connection the server answers every request once, in
/// order; response k is message k mod count of the case's message set.
namespace ub::load {

/// One connection that carries requests and responses.
struct Conversation : Connection {
  enum class State { open, half_closed, ended };

  TicketQueue tickets = {};
  std::size_t partial_bytes = 0;     ///< sent of the first request that is due
  std::uint64_t received_bytes = 0;  ///< of responses
  std::uint64_t answered = 0;        ///< requests
  /// When it last could not take a request: what was planned up to then is late for that reason.
  std::uint64_t held_ns = 0;
  bool socket_full = false;
  State state = State::open;
};

/// What the writer and the reader of one thread share.
struct Accounts {
  TicketPool* pool = nullptr;
  LatencyBook* book = nullptr;
  Tally* tally = nullptr;
};

/// Sends requests: as many as may go in one send(2), since requests are all alike. So a connection
/// with several due costs one call, whichever server it talks to.
class RequestWriter {
 public:
  RequestWriter(const Case& the_case, const Accounts& accounts);

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

/// Receives responses, counts and, if wanted, verifies them, and closes the tickets they answer.
class ResponseReader {
 public:
  enum class Outcome { nothing, responses, end, failed };

  struct Result {
    Outcome outcome = Outcome::nothing;
    std::uint64_t responses = 0;  ///< that came to their end; 0 after a piece of a large one
    Failure failure;              ///< of `failed`
  };

  /// `buffer` takes one recv(2); it outlives the reader.
  ResponseReader(std::uint64_t size_bytes, std::span<std::byte> buffer, const Accounts& accounts)
      : size_bytes_(size_bytes), buffer_(buffer), accounts_(accounts) {}

  /// One recv(2) that does not block.
  Result receive(Conversation& conversation);

  /// What is wrong with a stream that has ended here; `end` when nothing is.
  [[nodiscard]] Result judge_end(const Conversation& conversation) const;

 private:
  Result take(Conversation& conversation, std::span<const std::byte> bytes, std::uint64_t now_ns);
  [[nodiscard]] Mismatch locate(std::uint64_t offset) const;

  std::uint64_t size_bytes_;  ///< of a response
  std::span<std::byte> buffer_;
  Accounts accounts_;
};

}  // namespace ub::load
