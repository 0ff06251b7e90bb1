#pragma once

#include <netlink/netlink.h>
#include <netlink/route/link.h>

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

namespace ub::link {

struct LinkPut {
  void operator()(rtnl_link* link) const { ::rtnl_link_put(link); }
};
using LinkObject = std::unique_ptr<rtnl_link, LinkPut>;

/// A device as it is to be made or changed, nothing set.
LinkObject new_link();

/// A route netlink socket. It speaks to the network that this thread was in when it was made, also
/// after the thread has left it. One thread at a time.
class Netlink {
 public:
  /// Throws SetupError.
  Netlink();

  /// 0 or the negative error of libnl. `link` needs a type.
  int add(rtnl_link& link);

  /// The functions below throw SetupError.
  LinkObject get(const std::string& name);
  void change(const std::string& name, rtnl_link& changes);
  void set_up(const std::string& name);
  /// For a device that is down: IPv6 would send router solicitations of its own, which the device
  /// counts like everything else.
  void forbid_ipv6(const std::string& name);
  void add_address(const std::string& name, const char* address);
  void set_mtu(const std::string& name, std::uint32_t mtu_bytes);
  /// To one address, over the device. TCP waits for `least_timeout_ms` at least before it sends
  /// again.
  void add_route(const std::string& name, const std::string& address,
                 std::uint32_t least_timeout_ms);
  /// Sends leave without a queue that could drop: what the sender counts is what the device counts.
  void remove_queue(const std::string& name);
  void add_delay(const std::string& name, std::uint64_t delay_ns);

 private:
  void drain();

  struct Free {
    void operator()(nl_sock* socket) const { ::nl_socket_free(socket); }
  };
  std::unique_ptr<nl_sock, Free> socket_;
};

/// What libnl says of a negative error.
std::string netlink_text(int error);

/// Why a device could not be made: the capability that is missing, where it is one; else the module
/// that may help.
std::string device_mend(int error, std::string_view modules);

/// Switches scatter-gather and checksum offload of a device of this network off (ethtool(8)).
/// Throws SetupError.
void switch_offloads_off(const std::string& name);

}  // namespace ub::link
