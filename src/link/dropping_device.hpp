#pragma once

#include <cstdint>
#include <string>

#include "netlink.hpp"

namespace ub::link {

struct DroppingDevice {
  std::string name;
  std::uint32_t mtu_bytes = 0;
  Switch offloads = Switch::on;
};

/// Makes a device that drops whatever is sent into it, up: the first that this kernel offers of
/// ifb, dummy and a bridge without ports. Throws SetupError, naming why each was refused.
Device make_dropping_device(Netlink& netlink, const DroppingDevice& wish);

}  // namespace ub::link
