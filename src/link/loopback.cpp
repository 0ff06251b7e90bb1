// The host's own loopback device: there is nothing to make and nowhere to go.
#include "uringbench/link/descriptor.hpp"

namespace ub::link {
namespace {

ServerEnd open(const ServerSetup& setup) {
  return listen_for_clients(setup.the_case, net::loopback_endpoint(setup.the_case.transport));
}

}  // namespace

Descriptor loopback_link() {
  return {.open = open};
}

}  // namespace ub::link
