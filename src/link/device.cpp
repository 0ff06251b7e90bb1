#include "device.hpp"

#include <fmt/format.h>
#include <linux/if.h>

#include <array>

#include "netlink.hpp"
#include "uringbench/base/error.hpp"

namespace ub::link {
namespace {

/// What each does with a packet that is sent into it: ifb drops what was not redirected to it by
/// tc, dummy drops everything, and a bridge has no port to forward to. ifb first, as it is in
/// more kernels for virtual machines than dummy.
constexpr std::array kKinds = {"ifb", "dummy", "bridge"};

int try_kind(Netlink& netlink, const char* kind, const DroppingDevice& wish) {
  const LinkObject link = new_link();
  if (const int error = ::rtnl_link_set_type(link.get(), kind); error < 0) return error;
  ::rtnl_link_set_name(link.get(), wish.name.c_str());
  ::rtnl_link_set_mtu(link.get(), wish.mtu_bytes);
  // Nobody answers: the destination is never looked for. Needed for the bridge, true of the others.
  ::rtnl_link_set_flags(link.get(), IFF_NOARP);
  return netlink.add(*link);
}

std::string first_kind(Netlink& netlink, const DroppingDevice& wish) {
  std::string refusals;
  int last = 0;
  for (const char* kind : kKinds) {
    const int error = try_kind(netlink, kind, wish);
    if (error >= 0) return kind;
    last = error;
    refusals += fmt::format("{}{}: {}", refusals.empty() ? "" : ", ", kind, netlink_text(error));
  }
  throw SetupError(fmt::format("no device to send into: {}; {}", refusals,
                               device_mend(last, "`modprobe ifb` or `modprobe dummy`")));
}

}  // namespace

Facts device_facts(const Device& device) {
  return {{"device", fmt::format("{} ({})", device.name, device.kind)},
          {"device_mtu_bytes", fmt::to_string(device.mtu_bytes)}};
}

Device make_dropping_device(Netlink& netlink, const DroppingDevice& wish) {
  Device device{.name = wish.name, .kind = {}, .mtu_bytes = wish.mtu_bytes};
  device.kind = first_kind(netlink, wish);
  if (wish.offloads == Switch::off) switch_offloads_off(device.name);
  netlink.remove_queue(device.name);
  netlink.forbid_ipv6(device.name);
  netlink.set_up(device.name);
  return device;
}

}  // namespace ub::link
