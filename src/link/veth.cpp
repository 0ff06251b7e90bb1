// Two ends of a virtual cable, each in a network of its own.
#include <fcntl.h>
#include <fmt/format.h>
#include <linux/if.h>
#include <netlink/route/link/veth.h>
#include <sched.h>
#include <unistd.h>

#include <cerrno>
#include <chrono>
#include <thread>

#include "device.hpp"
#include "netlink.hpp"
#include "uringbench/base/clock.hpp"
#include "uringbench/base/error.hpp"
#include "uringbench/base/unique_fd.hpp"
#include "uringbench/link/descriptor.hpp"
#include "uringbench/link/network.hpp"

namespace ub::link {
namespace {

constexpr const char* kServerEnd = "veth-server";
constexpr const char* kClientEnd = "veth-client";

Device bring_up(Netlink& netlink, const char* name, const char* address,
                const DeviceFactors& options) {
  const LinkObject changes = new_link();
  ::rtnl_link_set_mtu(changes.get(), mtu_of(options));
  netlink.change(name, *changes);
  if (options.offloads == Switch::off) switch_offloads_off(name);
  netlink.forbid_ipv6(name);
  netlink.set_up(name);
  if (options.delay_ns > 0) netlink.add_delay(name, options.delay_ns);
  netlink.add_address(name, address);
  return {.name = name, .kind = "veth", .mtu_bytes = mtu_of(options)};
}

/// Both ends are up now, but the kernel attaches the queues that transmit a little later
/// (linkwatch); a SYN sent before is dropped, which would cost a second.
void wait_until_operational(Netlink& netlink, const char* name) {
  constexpr std::uint8_t kOperUp = 6;  // IF_OPER_UP of linux/if.h
  constexpr std::uint64_t kMostNs = 1'000'000'000;
  for (const std::uint64_t end = now_ns() + kMostNs; now_ns() < end;) {
    if (::rtnl_link_get_operstate(netlink.get(name).get()) == kOperUp) return;
    std::this_thread::sleep_for(std::chrono::milliseconds(1));
  }
}

/// Makes the pair, one end here.
Device make_veth(const DeviceFactors& options) {
  Netlink netlink;
  const LinkObject link(::rtnl_link_veth_alloc());
  ::rtnl_link_set_name(link.get(), kServerEnd);
  rtnl_link* peer = ::rtnl_link_veth_get_peer(link.get());
  ::rtnl_link_set_name(peer, kClientEnd);
  const int error = netlink.add(*link);
  ::rtnl_link_put(peer);
  if (error < 0) {
    throw SetupError(fmt::format("making a veth pair: {}; {}", netlink_text(error),
                                 device_mend(error, "`modprobe veth`")));
  }
  return bring_up(netlink, kServerEnd, kServerAddress, options);
}

ServerEnd open(const ServerSetup& setup) {
  enter_private_network();
  const Device device = make_veth(setup.the_case.device);
  ServerEnd end = listen_for_clients(setup.the_case, {kServerAddress, 0});
  end.effective.merge(device_facts(device));
  return end;
}

/// Into a network of its own, and the other end of the pair with it.
std::unique_ptr<Meter> join(const Case& the_case, int server_id) {
  join_network_of(server_id);
  Netlink theirs;  // keeps speaking to the network that is about to be left
  if (::unshare(CLONE_NEWNET) != 0) throw_setup_error("making a second network namespace", errno);
  const UniqueFd own(::open("/proc/self/ns/net", O_RDONLY | O_CLOEXEC));
  if (!own) throw_setup_error("opening /proc/self/ns/net", errno);
  const LinkObject changes = new_link();
  ::rtnl_link_set_ns_fd(changes.get(), own.get());
  theirs.change(kClientEnd, *changes);
  Netlink netlink;
  bring_up(netlink, kClientEnd, kClientAddress, the_case.device);
  wait_until_operational(netlink, kClientEnd);
  wait_until_operational(theirs, kServerEnd);
  return nullptr;
}

}  // namespace

Descriptor veth_link() {
  return {.open = open, .join = join};
}

}  // namespace ub::link
