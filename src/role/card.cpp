#include "card.hpp"

#include <arpa/inet.h>
#include <fmt/format.h>
#include <ifaddrs.h>
#include <linux/ethtool.h>
#include <linux/sockios.h>
#include <net/if.h>
#include <netdb.h>
#include <sys/ioctl.h>
#include <sys/socket.h>

#include <array>
#include <cerrno>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <memory>

#include "uringbench/base/directory.hpp"
#include "uringbench/base/error.hpp"
#include "uringbench/base/unique_fd.hpp"

namespace ub::role {
namespace {

struct FreeAddresses {
  void operator()(ifaddrs* list) const { ::freeifaddrs(list); }
};

socklen_t length_of(const sockaddr& address) {
  return address.sa_family == AF_INET6 ? sizeof(sockaddr_in6) : sizeof(sockaddr_in);
}

/// Numeric; empty for what is neither IPv4 nor IPv6.
std::string text_of(const sockaddr* address) {
  if (address == nullptr) return {};
  if (address->sa_family != AF_INET && address->sa_family != AF_INET6) return {};
  std::array<char, NI_MAXHOST> text{};
  const int error = ::getnameinfo(address, length_of(*address), text.data(), text.size(), nullptr,
                                  0, NI_NUMERICHOST);
  return error == 0 ? text.data() : std::string();
}

template <typename Take>
void for_each_address(Take take) {
  ifaddrs* first = nullptr;
  if (::getifaddrs(&first) != 0) throw_setup_error("listing the addresses of this host", errno);
  const std::unique_ptr<ifaddrs, FreeAddresses> list(first);
  for (const ifaddrs* each = first; each != nullptr; each = each->ifa_next) {
    const std::string text = text_of(each->ifa_addr);
    if (!text.empty()) take(std::string(each->ifa_name), each->ifa_flags, text);
  }
}

std::string device_of(const std::string& address) {
  std::string device;
  for_each_address([&](const std::string& name, unsigned, const std::string& text) {
    if (device.empty() && text == address) device = name;
  });
  if (!device.empty()) return device;
  throw SetupError(fmt::format(
      "no card of this host has the address {}; `ip -brief address` shows those there are",
      address));
}

/// That the kernel would send from to reach `address`: a datagram socket sends nothing to connect.
std::string source_toward(const std::string& address) {
  addrinfo hints{};
  hints.ai_flags = AI_NUMERICHOST | AI_NUMERICSERV;
  hints.ai_socktype = SOCK_DGRAM;
  addrinfo* found = nullptr;
  if (::getaddrinfo(address.c_str(), "9", &hints, &found) != 0) {
    throw SetupError(fmt::format("'{}' is not an address", address));
  }
  const std::unique_ptr<addrinfo, decltype(&::freeaddrinfo)> target(found, ::freeaddrinfo);
  const UniqueFd fd(::socket(found->ai_family, SOCK_DGRAM | SOCK_CLOEXEC, 0));
  sockaddr_storage own{};
  socklen_t length = sizeof own;
  auto* const generic = reinterpret_cast<sockaddr*>(&own);
  if (!fd || ::connect(fd.get(), found->ai_addr, found->ai_addrlen) != 0 ||
      ::getsockname(fd.get(), generic, &length) != 0) {
    throw_setup_error(fmt::format("looking for a route to {}", address), errno,
                      fmt::format("`ip route get {}` on that host says more", address));
  }
  return text_of(generic);
}

std::string unavailable(const std::string& why) {
  return "unavailable: " + why;
}

std::string file_of_device(const std::string& device, const char* file) {
  errno = 0;
  std::ifstream in("/sys/class/net/" + device + "/" + file);
  std::string line;
  if (std::getline(in, line)) return line;
  return unavailable(errno != 0 ? describe_errno(errno) : "the device does not say");
}

/// SIOCETHTOOL (netdevice(7)); 0 or errno.
int ethtool(const std::string& device, void* command) {
  const UniqueFd fd(::socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0));
  ifreq request{};
  device.copy(request.ifr_name, IFNAMSIZ - 1);
  request.ifr_data = static_cast<char*>(command);
  return ::ioctl(fd.get(), SIOCETHTOOL, &request) == 0 ? 0 : errno;
}

std::string offloads(const std::string& device) {
  constexpr std::array<std::pair<std::uint32_t, const char*>, 6> kOffloads = {
      {{ETHTOOL_GSG, "sg"},
       {ETHTOOL_GTXCSUM, "tx-checksum"},
       {ETHTOOL_GRXCSUM, "rx-checksum"},
       {ETHTOOL_GTSO, "tso"},
       {ETHTOOL_GGSO, "gso"},
       {ETHTOOL_GGRO, "gro"}}};
  std::string text;
  for (const auto& [command, name] : kOffloads) {
    ethtool_value value{.cmd = command, .data = 0};
    const int error = ethtool(device, &value);
    const char* state = error != 0 ? "unknown" : value.data != 0 ? "on" : "off";
    text += fmt::format("{}{} {}", text.empty() ? "" : ", ", name, state);
  }
  return text;
}

void add_driver(const std::string& device, Facts& facts) {
  ethtool_drvinfo info{};
  info.cmd = ETHTOOL_GDRVINFO;
  const int error = ethtool(device, &info);
  const auto text = [&](const char* field, std::size_t size) {
    if (error != 0) return unavailable(describe_errno(error));
    std::string value(field, ::strnlen(field, size));
    return value.empty() ? unavailable("the driver does not say") : value;
  };
  facts["card_driver"] = text(info.driver, sizeof info.driver);
  facts["card_firmware"] = text(info.fw_version, sizeof info.fw_version);
}

/// "8 rx, 8 tx"
std::string queues(const std::string& device) {
  std::size_t receive = 0;
  std::size_t send = 0;
  const DirectoryNames all = names_in_directory("/sys/class/net/" + device + "/queues");
  for (const std::string& name : all.names) name.starts_with("rx-") ? ++receive : ++send;
  return all.whole() ? fmt::format("{} rx, {} tx", receive, send) : unavailable(all.failure);
}

}  // namespace

std::vector<protocol::HostAddress> global_addresses() {
  std::vector<protocol::HostAddress> found;
  for_each_address([&](const std::string& name, unsigned flags, const std::string& text) {
    const bool reachable = (flags & IFF_LOOPBACK) == 0 && (flags & IFF_UP) != 0;
    if (reachable && !text.starts_with("fe80:")) found.push_back({name, text});
  });
  return found;
}

Facts describe_card(const std::string& address, CardOf which) {
  const std::string own = which == CardOf::address ? address : source_toward(address);
  const std::string device = device_of(own);
  Facts facts;
  facts["card"] = device;
  facts["card_address"] = own;
  facts["card_mtu"] = file_of_device(device, "mtu");
  facts["card_speed_mbps"] = file_of_device(device, "speed");
  facts["card_numa_node"] = file_of_device(device, "device/numa_node");
  facts["card_queues"] = queues(device);
  facts["card_offloads"] = offloads(device);
  add_driver(device, facts);
  return facts;
}

}  // namespace ub::role
