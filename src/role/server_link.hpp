#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "uringbench/engine/engine.hpp"
#include "uringbench/model/sample.hpp"
#include "uringbench/net/socket.hpp"

namespace ub::role {

/// Takes the server into a network of its own and makes the device of the case's link there, but
/// not those of tcp-sink, which come with its connections; says what it made. Loopback needs none.
/// Single thread. Throws SetupError.
Facts open_device(const Case& the_case);

/// Gives `setup` one socket a client, connected to an address of the sink's subnet that nobody has,
/// and adds how they send to `facts`. Throws SetupError.
net::Endpoint connect_to_sink(engine::EngineSetup& setup, Facts& facts);

/// The same over TCP, each into a device of its own, which it makes. Adds a second descriptor of
/// each socket to `watched`: the last to close one aborts it.
net::Endpoint connect_to_tcp_sinks(engine::EngineSetup& setup, std::vector<UniqueFd>& watched,
                                   Facts& facts);

/// How TCP into devices that drop has ended.
struct TcpSinkEnd {
  std::uint64_t retransmitted_bytes = 0;
  std::string failure;  ///< empty when everything was acknowledged
};

/// Waits until all that was written to `sockets` has been acknowledged, or `deadline_ns` of
/// now_ns() has passed. Throws SetupError.
TcpSinkEnd wait_until_acknowledged(const std::vector<UniqueFd>& sockets, std::uint64_t deadline_ns);

}  // namespace ub::role
