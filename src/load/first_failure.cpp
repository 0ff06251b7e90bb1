#include "first_failure.hpp"

#include <fmt/format.h>

#include "uringbench/base/error.hpp"

namespace ub::load {
namespace {

std::string describe_what(const Failure& failure) {
  const Mismatch& where = failure.mismatch;
  switch (failure.kind) {
    case Failure::Kind::receive:
      return "recv: " + describe_errno(failure.error);
    case Failure::Kind::send:
      return "send: " + describe_errno(failure.error);
    case Failure::Kind::wrong_byte:
      return fmt::format("byte {} of the stream (byte {} of message {}) is {:#04x}, not {:#04x}",
                         where.offset, where.byte, where.message, where.got, where.expected);
    case Failure::Kind::cut_short:
      return fmt::format("the stream ended at byte {}, inside message {}, of which {} bytes came",
                         where.offset, where.message, where.byte);
    case Failure::Kind::not_asked:
      return fmt::format("byte {} of the stream (byte {} of message {}) answers no request",
                         where.offset, where.byte, where.message);
    case Failure::Kind::closed_early:
      return fmt::format("the server closed the connection with {} requests unanswered",
                         failure.unanswered);
  }
  return "unknown failure";
}

}  // namespace

std::string describe(const Failure& failure) {
  return fmt::format("client {}: {}", failure.client, describe_what(failure));
}

}  // namespace ub::load
