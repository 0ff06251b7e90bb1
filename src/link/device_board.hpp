#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "device.hpp"
#include "uringbench/base/unique_fd.hpp"

namespace ub::link {

/// What `text`, in the format of /proc/net/dev (proc(5)), says of one device; nullopt when it is
/// not there. Both directions together: ifb books what is sent into it as received, others as
/// transmitted, and the other direction of a device that drops stays 0.
std::optional<DeviceCounts> counts_of(std::string_view text, std::string_view device);

/// The counters of several devices of the network that this process was in when it was made, all
/// by one pread(2): 2-3 us for one device, and it takes no lock that those who send take. Netlink
/// reads one device at a time, and more slowly. One thread at a time.
class DeviceBoard {
 public:
  /// Throws SetupError.
  explicit DeviceBoard(std::vector<std::string> devices);

  /// In the order of the names, until the next call; throws SetupError when a device has gone. A
  /// device that is being sent into may be between its two counters: one packet is then booked
  /// without its bytes, or the bytes without the packet.
  const std::vector<DeviceCounts>& read();

 private:
  bool find_all(std::string_view text);

  UniqueFd file_;
  std::vector<std::string> devices_;
  std::string text_;
  std::vector<DeviceCounts> counts_;
};

}  // namespace ub::link
