#include "lane.hpp"

#include <sys/socket.h>

#include <cerrno>

#include "connections.hpp"
#include "uringbench/base/error.hpp"

namespace ub::load {
namespace {

Step fail(const Connection& connection, const Lane& lane, Failure failure) {
  if (!lane.aborting->load()) {
    failure.client = connection.client;
    lane.failure->report(failure);
  }
  reset_connection(connection.fd);
  lane.tally->ended.add();
  return Step::ended;
}

Step on_error(const Connection& connection, const Lane& lane, int error) {
  if (error == EINTR || error == EAGAIN) return Step::goes_on;
  return fail(connection, lane, {Failure::Kind::receive, 0, error, {}});
}

Step on_end(const Connection& connection, const Lane& lane) {
  const auto place = connection.verifier ? connection.verifier->end() : std::nullopt;
  if (place) return fail(connection, lane, {Failure::Kind::cut_short, 0, 0, *place});
  // Our FIN tells the server that everything was taken.
  ::shutdown(connection.fd, SHUT_WR);
  lane.tally->ended.add();
  return Step::ended;
}

}  // namespace

Step receive_once(Connection& connection, const Lane& lane) {
  const SysResult got =
      from_errno(::recv(connection.fd, lane.buffer.data(), lane.buffer.size(), 0));
  lane.tally->receive_calls.add();
  if (!got.ok()) [[unlikely]] {
    return on_error(connection, lane, got.error);
  }
  if (got.value == 0) [[unlikely]] {
    return on_end(connection, lane);
  }
  const auto count = static_cast<std::size_t>(got.value);
  if (connection.verifier) {
    const auto wrong = connection.verifier->take(lane.buffer.first(count));
    if (wrong) return fail(connection, lane, {Failure::Kind::wrong_byte, 0, 0, *wrong});
  }
  lane.tally->received_bytes.add(count);
  return Step::goes_on;
}

}  // namespace ub::load
