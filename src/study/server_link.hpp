#pragma once

#include "uringbench/engine/engine.hpp"
#include "uringbench/model/sample.hpp"
#include "uringbench/net/socket.hpp"

namespace ub::study {

/// Takes the server into a network of its own and makes the device of the case's link there; says
/// what it made. Loopback needs none. Single thread. Throws SetupError.
Facts open_device(const Case& the_case);

/// Gives `setup` one socket a client, connected to an address of the sink's subnet that nobody has,
/// and adds how they send to `facts`. Throws SetupError.
net::Endpoint connect_to_sink(engine::EngineSetup& setup, Facts& facts);

}  // namespace ub::study
