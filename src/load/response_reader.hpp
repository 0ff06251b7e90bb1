#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

#include "conversation.hpp"
#include "first_failure.hpp"
#include "request_writer.hpp"

namespace ub::load {

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
