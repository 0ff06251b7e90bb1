#pragma once

#include <cstdint>
#include <string>

namespace ub {

/// Where the two ends of a study run, as it was asked for. It is part of the plan and not of a
/// case: it says how machines are reached, which may differ each time; what they are, the
/// environment says.
struct Hosts {
  std::string server = "local";  ///< "local", "ssh://user@name:22", "exec:ip netns exec lab"
  std::string load = "local";
  std::string data_address = {};  ///< that the server listens on; empty: chosen by the program
  std::uint16_t first_port = 0;   ///< of the range the server may listen on; 0: any port
  std::uint16_t last_port = 0;
  std::string remote_program = {};  ///< uringbench on those hosts; empty: its usual place

  friend bool operator==(const Hosts&, const Hosts&) = default;
};

/// Whether both ends are on this machine, without any agent.
inline bool on_one_machine(const Hosts& hosts) {
  return hosts.server == "local" && hosts.load == "local";
}

}  // namespace ub
