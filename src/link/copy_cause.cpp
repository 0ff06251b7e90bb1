#include "uringbench/link/copy_cause.hpp"

#include <arpa/inet.h>
#include <ifaddrs.h>
#include <linux/ethtool.h>
#include <linux/if_ether.h>
#include <linux/sockios.h>
#include <net/if.h>
#include <netinet/in.h>
#include <sys/ioctl.h>
#include <sys/socket.h>

#include <array>
#include <fstream>
#include <memory>
#include <optional>
#include <sstream>

#include "netlink.hpp"
#include "uringbench/base/error.hpp"
#include "uringbench/base/unique_fd.hpp"
#include "uringbench/model/snapshot.hpp"

namespace ub::link {
namespace {

struct FreeAddresses {
  void operator()(ifaddrs* list) const { ::freeifaddrs(list); }
};

std::string text_of(const sockaddr* address) {
  std::array<char, INET6_ADDRSTRLEN> text{};
  if (address == nullptr) return "";
  if (address->sa_family == AF_INET) {
    sockaddr_in ipv4{};
    __builtin_memcpy(&ipv4, address, sizeof ipv4);
    ::inet_ntop(AF_INET, &ipv4.sin_addr, text.data(), text.size());
  } else if (address->sa_family == AF_INET6) {
    sockaddr_in6 ipv6{};
    __builtin_memcpy(&ipv6, address, sizeof ipv6);
    ::inet_ntop(AF_INET6, &ipv6.sin6_addr, text.data(), text.size());
  }
  return text.data();
}

struct Found {
  std::string name;
  unsigned flags = 0;
};

std::optional<Found> device_with(const std::string& address) {
  ifaddrs* first = nullptr;
  if (::getifaddrs(&first) != 0) return std::nullopt;
  const std::unique_ptr<ifaddrs, FreeAddresses> list(first);
  for (const ifaddrs* each = first; each != nullptr; each = each->ifa_next) {
    if (text_of(each->ifa_addr) == address) return Found{each->ifa_name, each->ifa_flags};
  }
  return std::nullopt;
}

bool is_veth(const std::string& name) {
  try {
    const LinkObject link = Netlink().get(name);
    const char* type = ::rtnl_link_get_type(link.get());
    return type != nullptr && std::string(type) == "veth";
  } catch (const SetupError&) {
    return false;
  }
}

/// True only when the device says that the feature is off.
bool lacks(const std::string& name, std::uint32_t command) {
  const UniqueFd fd(::socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0));
  ethtool_value value{.cmd = command, .data = 0};
  ifreq request{};
  name.copy(request.ifr_name, IFNAMSIZ - 1);
  request.ifr_data = reinterpret_cast<char*>(&value);
  return ::ioctl(fd.get(), SIOCETHTOOL, &request) == 0 && value.data == 0;
}

/// /proc/net/packet (packet(7)): of each packet socket its protocol, in hexadecimal, the device it
/// is bound to, 0 for all, and whether it is attached. Only those for every protocol see what is
/// sent.
bool packet_socket_on(unsigned device) {
  std::ifstream file("/proc/self/net/packet");
  std::string line;
  std::getline(file, line);  // the head
  while (std::getline(file, line)) {
    std::istringstream words(line);
    std::string socket;
    std::string references;
    std::string type;
    unsigned protocol = 0;
    unsigned bound = 0;
    unsigned attached = 0;
    words >> socket >> references >> type >> std::hex >> protocol >> std::dec >> bound >> attached;
    if (!words || protocol != ETH_P_ALL || attached == 0) continue;
    if (bound == 0 || bound == device) return true;
  }
  return false;
}

}  // namespace

CopyEvidence look_for_copying(const std::string& local_address) {
  CopyEvidence evidence;
  const auto device = device_with(local_address);
  if (!device) return evidence;
  evidence.local_delivery = (device->flags & IFF_LOOPBACK) != 0;
  evidence.veth = is_veth(device->name);
  evidence.packet_socket = packet_socket_on(::if_nametoindex(device->name.c_str()));
  evidence.scatter_gather_missing = lacks(device->name, ETHTOOL_GSG);
  evidence.checksum_missing = lacks(device->name, ETHTOOL_GTXCSUM);
  return evidence;
}

std::string copy_cause(const CopyEvidence& evidence) {
  if (evidence.local_delivery) return "local delivery";
  if (evidence.veth) return "local delivery over veth";
  if (evidence.scatter_gather_missing) return "device without scatter-gather";
  if (evidence.checksum_missing) return "device without checksum offload";
  if (evidence.packet_socket) return "packet socket open";
  if (evidence.joined_notifications) return kJoinedNotifications;
  return "";
}

}  // namespace ub::link
