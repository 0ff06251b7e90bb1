#include "netlink.hpp"

#include <fmt/format.h>
#include <linux/ethtool.h>
#include <linux/if.h>
#include <linux/rtnetlink.h>
#include <linux/sockios.h>
#include <netlink/route/addr.h>
#include <netlink/route/link/inet6.h>
#include <netlink/route/qdisc.h>
#include <netlink/route/qdisc/netem.h>
#include <netlink/route/route.h>
#include <netlink/route/tc.h>
#include <sys/ioctl.h>
#include <sys/socket.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <limits>

#include "uringbench/base/check.hpp"
#include "uringbench/base/error.hpp"
#include "uringbench/base/permissions.hpp"
#include "uringbench/base/unique_fd.hpp"

namespace ub::link {
namespace {

struct AddressPut {
  void operator()(rtnl_addr* address) const { ::rtnl_addr_put(address); }
  void operator()(nl_addr* address) const { ::nl_addr_put(address); }
};

struct RoutePut {
  void operator()(rtnl_route* route) const { ::rtnl_route_put(route); }
};

struct QdiscPut {
  void operator()(rtnl_qdisc* qdisc) const { ::rtnl_qdisc_put(qdisc); }
};
using Qdisc = std::unique_ptr<rtnl_qdisc, QdiscPut>;

void require(int error, const std::string& doing, std::string_view mend = "") {
  if (error >= 0) return;
  const std::string text = fmt::format("{}: {}", doing, netlink_text(error));
  throw SetupError(mend.empty() ? text : fmt::format("{}; {}", text, mend));
}

Qdisc root_qdisc(rtnl_link& link, const char* kind) {
  Qdisc qdisc(::rtnl_qdisc_alloc());
  check(qdisc != nullptr, "netlink objects fit into memory");
  ::rtnl_tc* tc = reinterpret_cast<rtnl_tc*>(qdisc.get());  // TC_CAST() of libnl, without C's cast
  ::rtnl_tc_set_link(tc, &link);
  ::rtnl_tc_set_parent(tc, TC_H_ROOT);
  const int error = ::rtnl_tc_set_kind(tc, kind);
  require(error, fmt::format("naming qdisc {}", kind));
  return qdisc;
}

}  // namespace

LinkObject new_link() {
  LinkObject link(::rtnl_link_alloc());
  check(link != nullptr, "netlink objects fit into memory");
  return link;
}

std::string netlink_text(int error) {
  return ::nl_geterror(error);
}

std::string device_mend(int error, std::string_view modules) {
  if (error != -NLE_PERM) return fmt::format("{} may help", modules);
  if (!has_capability(Capability::net_admin).value_or(true)) {
    return "this process lacks CAP_NET_ADMIN in its network namespace; in a container, `--cap-add "
           "NET_ADMIN`";
  }
  return "a security module or the container forbids it";
}

Netlink::Netlink() : socket_(::nl_socket_alloc()) {
  check(socket_ != nullptr, "netlink objects fit into memory");
  require(::nl_connect(socket_.get(), NETLINK_ROUTE), "opening a route netlink socket");
  // An answer that finds the buffer full is lost (netlink(7), ENOBUFS), and the default follows
  // net.core.rmem_default, which may be smaller than two answers. Either call may be refused.
  constexpr int kBufferBytes = 1 << 20;
  ::nl_socket_set_buffer_size(socket_.get(), kBufferBytes, 0);
  ::setsockopt(::nl_socket_get_fd(socket_.get()), SOL_SOCKET, SO_RCVBUFFORCE, &kBufferBytes,
               sizeof kBufferBytes);
  // After a loss the next answer has not the number that libnl expects; see get().
  ::nl_socket_disable_seq_check(socket_.get());
}

int Netlink::add(rtnl_link& link) {
  return ::rtnl_link_add(socket_.get(), &link, NLM_F_CREATE | NLM_F_EXCL);
}

/// What is left of answers to earlier questions.
void Netlink::drain() {
  std::array<char, 1> start{};
  const int fd = ::nl_socket_get_fd(socket_.get());
  constexpr int kMostAnswers = 100;
  for (int i = 0; i < kMostAnswers; ++i) {
    const auto got = ::recv(fd, start.data(), start.size(), MSG_DONTWAIT | MSG_TRUNC);
    if (got < 0 && errno != ENOBUFS) return;
  }
}

/// When an answer was lost, libnl says that memory is short (ENOBUFS), or, when what it reads
/// instead is an acknowledgement, nothing at all: no error and no device.
LinkObject Netlink::get(const std::string& name) {
  constexpr int kAttempts = 10;
  const std::string doing = fmt::format("looking for device '{}'", name);
  for (int attempt = 0; attempt < kAttempts; ++attempt) {
    rtnl_link* link = nullptr;
    const int error = ::rtnl_link_get_kernel(socket_.get(), 0, name.c_str(), &link);
    if (error != -NLE_NOMEM) require(error, doing);
    if (error >= 0 && link != nullptr) return LinkObject(link);
    drain();
  }
  throw SetupError(
      fmt::format("{}: the kernel's answers were lost (ENOBUFS); `sysctl -w "
                  "net.core.rmem_max=212992` may help",
                  doing));
}

void Netlink::change(const std::string& name, rtnl_link& changes) {
  const LinkObject link = get(name);
  require(::rtnl_link_change(socket_.get(), link.get(), &changes, 0),
          fmt::format("changing device '{}'", name));
}

void Netlink::set_up(const std::string& name) {
  const LinkObject changes = new_link();
  ::rtnl_link_set_flags(changes.get(), IFF_UP);
  change(name, *changes);
}

/// Without an address of its own a device has nothing to look for neighbours or routers with. By
/// netlink and not by the sysctl disable_ipv6, as /proc/sys is read-only in most containers.
void Netlink::forbid_ipv6(const std::string& name) {
  const LinkObject changes = new_link();
  const int refused = ::rtnl_link_inet6_set_addr_gen_mode(changes.get(), IN6_ADDR_GEN_MODE_NONE);
  check(refused >= 0, "netlink objects fit into memory");
  const LinkObject link = get(name);
  const int error = ::rtnl_link_change(socket_.get(), link.get(), changes.get(), 0);
  if (error == -NLE_AF_NOSUPPORT) return;  // a kernel without IPv6
  require(error,
          fmt::format("keeping IPv6 from device '{}', whose packets would be counted", name));
}

void Netlink::add_address(const std::string& name, const char* address) {
  const LinkObject link = get(name);
  const std::unique_ptr<rtnl_addr, AddressPut> entry(::rtnl_addr_alloc());
  nl_addr* parsed = nullptr;
  const std::string with_subnet = fmt::format("{}/24", address);
  require(::nl_addr_parse(with_subnet.c_str(), AF_INET, &parsed), "parsing " + with_subnet);
  const std::unique_ptr<nl_addr, AddressPut> local(parsed);
  ::rtnl_addr_set_ifindex(entry.get(), ::rtnl_link_get_ifindex(link.get()));
  ::rtnl_addr_set_local(entry.get(), local.get());
  require(::rtnl_addr_add(socket_.get(), entry.get(), 0),
          fmt::format("giving {} to device '{}'", with_subnet, name));
}

void Netlink::set_mtu(const std::string& name, std::uint32_t mtu_bytes) {
  const LinkObject changes = new_link();
  ::rtnl_link_set_mtu(changes.get(), mtu_bytes);
  change(name, *changes);
}

void Netlink::add_route(const std::string& name, const std::string& address,
                        std::uint32_t least_timeout_ms) {
  const LinkObject link = get(name);
  const std::unique_ptr<rtnl_route, RoutePut> route(::rtnl_route_alloc());
  rtnl_nexthop* hop = ::rtnl_route_nh_alloc();
  check(route != nullptr && hop != nullptr, "netlink objects fit into memory");
  ::rtnl_route_nh_set_ifindex(hop, ::rtnl_link_get_ifindex(link.get()));
  ::rtnl_route_add_nexthop(route.get(), hop);  // which owns it from now on
  nl_addr* parsed = nullptr;
  require(::nl_addr_parse(address.c_str(), AF_INET, &parsed), "parsing " + address);
  const std::unique_ptr<nl_addr, AddressPut> destination(parsed);
  ::rtnl_route_set_dst(route.get(), destination.get());
  ::rtnl_route_set_scope(route.get(), RT_SCOPE_LINK);
  // The kernel heeds it only where it is locked (tcp_rto_min()).
  ::rtnl_route_set_metric(route.get(), RTAX_LOCK, 1U << RTAX_RTO_MIN);
  ::rtnl_route_set_metric(route.get(), RTAX_RTO_MIN, least_timeout_ms);
  require(::rtnl_route_add(socket_.get(), route.get(), NLM_F_CREATE | NLM_F_EXCL),
          fmt::format("adding a route to {} over device '{}'", address, name));
}

void Netlink::remove_queue(const std::string& name) {
  const LinkObject link = get(name);
  const Qdisc qdisc = root_qdisc(*link, "noqueue");  // Linux 4.2
  require(::rtnl_qdisc_add(socket_.get(), qdisc.get(), NLM_F_CREATE | NLM_F_REPLACE),
          fmt::format("taking the queue from device '{}'", name));
}

void Netlink::add_delay(const std::string& name, std::uint64_t delay_ns) {
  constexpr std::uint64_t kMostUs = std::numeric_limits<std::int32_t>::max();
  constexpr int kQueueLimit = 1'000'000;  // packets under way; the default of 1000 would drop
  const LinkObject link = get(name);
  const Qdisc qdisc = root_qdisc(*link, "netem");
  ::rtnl_netem_set_limit(qdisc.get(), kQueueLimit);
  ::rtnl_netem_set_delay(qdisc.get(), static_cast<int>(std::min(delay_ns / 1000, kMostUs)));
  require(::rtnl_qdisc_add(socket_.get(), qdisc.get(), NLM_F_CREATE | NLM_F_REPLACE),
          fmt::format("delaying device '{}' with netem", name),
          "`modprobe sch_netem`, or leave --link-delay out");
}

void switch_offloads_off(const std::string& name) {
  const UniqueFd fd(::socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0));
  // Checksumming first: the kernel takes scatter-gather and segmentation away with it anyway.
  for (const auto command : {std::uint32_t{ETHTOOL_STXCSUM}, std::uint32_t{ETHTOOL_SSG}}) {
    ethtool_value value{.cmd = command, .data = 0};
    ifreq request{};
    name.copy(request.ifr_name, IFNAMSIZ - 1);
    request.ifr_data = &value;
    if (::ioctl(fd.get(), SIOCETHTOOL, &request) != 0) {
      throw_setup_error(fmt::format("switching the offloads of '{}' off", name), errno,
                        "leave --link-offloads on");
    }
  }
}

}  // namespace ub::link
