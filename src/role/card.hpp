#pragma once

#include <string>
#include <vector>

#include "uringbench/model/sample.hpp"
#include "uringbench/protocol/agent.hpp"

/// The card that data goes through: what a reader of figures over a network must know of it.
namespace ub::role {

/// Addresses that another host might reach, of every device but loopback.
std::vector<protocol::HostAddress> global_addresses();

/// Which card is meant: that which has the address, or through which the way to it leads.
enum class CardOf { address, way_to_address };

/// "card", "card_address", "card_driver", "card_speed", "card_mtu", …. A fact that the device does
/// not give says why. Throws SetupError when no device has the address, or none leads to it.
Facts describe_card(const std::string& address, CardOf which);

}  // namespace ub::role
