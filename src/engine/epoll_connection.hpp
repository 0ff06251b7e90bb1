#pragma once

#include <memory>

#include "epoll_engine.hpp"

namespace ub::engine {

/// One connection of the event loop: its socket, its two paths and where it stands.
struct EpollEngine::Connection {
  Connection(const EngineSetup& setup, const net::MessageSet& messages, UniqueFd fd,
             ServerTally& tally, SendClock& clock, std::uint32_t its_number,
             std::uint32_t first_message)
      : number(its_number),
        socket(std::move(fd)),
        path(setup.path->make_syscall(syscall_context(setup, messages, socket.get()))),
        sink(setup.arrivals, its_number),
        stream(messages, setup, tally, clock, first_message) {
    if (setup.receive == nullptr) return;
    receive_path = setup.receive->make_syscall(
        {.fd = socket.get(), .buffer_bytes = receive_size_bytes(setup.the_case)});
  }

  std::uint32_t number;
  UniqueFd socket;
  std::unique_ptr<path::SyscallPath> path;
  std::unique_ptr<receive::SyscallReceive> receive_path;  ///< null where the server only sends
  ArrivalSink sink;
  Stream stream;
  ConnectionState state = ConnectionState::idle;
  bool readable = false;  ///< since its last edge nothing has said otherwise
  bool hung_up =
      false;  ///< its end is in the socket, after what is there, and makes no further edge
  bool queued = false;  ///< in ready_
};

}  // namespace ub::engine
