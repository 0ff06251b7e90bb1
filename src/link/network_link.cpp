// Whatever lies between two hosts. There is nothing to make: the server listens on the address of
// the card under test, and the load generator, on another host, connects to it.
#include <fmt/format.h>

#include <algorithm>

#include "uringbench/base/error.hpp"
#include "uringbench/link/descriptor.hpp"

namespace ub::link {
namespace {

/// The first port of the range that is free. One may be taken, by the sample before for example,
/// whose connections the peer has not ended yet.
ServerEnd open(const ServerSetup& setup) {
  net::Endpoint endpoint = setup.listen;
  if (endpoint.address.empty()) endpoint = net::loopback_endpoint(setup.the_case.transport);
  const std::uint16_t last = std::max(endpoint.port, setup.last_port);
  for (;; ++endpoint.port) {
    try {
      return listen_for_clients(setup.the_case, endpoint);
    } catch (const SetupError&) {
      if (endpoint.port >= last) throw;
    }
  }
}

}  // namespace

Descriptor network_link() {
  return {.open = open};
}

}  // namespace ub::link
