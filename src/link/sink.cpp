// A device that drops what is sent into it, and its counters.
#include <fmt/format.h>
#include <linux/if.h>

#include <array>

#include "netlink.hpp"
#include "uringbench/base/error.hpp"

namespace ub::link {
namespace {

constexpr const char* kSink = "sink0";

/// What each does with a packet that is sent into it: ifb drops what was not redirected to it by
/// tc, dummy drops everything, and a bridge has no port to forward to. ifb first, as it is in
/// more kernels for virtual machines than dummy.
constexpr std::array kKinds = {"ifb", "dummy", "bridge"};

int try_kind(Netlink& netlink, const char* kind, std::uint32_t mtu_bytes) {
  const LinkObject link = new_link();
  if (const int error = ::rtnl_link_set_type(link.get(), kind); error < 0) return error;
  ::rtnl_link_set_name(link.get(), kSink);
  ::rtnl_link_set_mtu(link.get(), mtu_bytes);
  // Nobody answers: the destination is never looked for. Needed for the bridge, true of the others.
  ::rtnl_link_set_flags(link.get(), IFF_NOARP);
  return netlink.add(*link);
}

std::string first_kind(Netlink& netlink, std::uint32_t mtu_bytes) {
  std::string refusals;
  for (const char* kind : kKinds) {
    const int error = try_kind(netlink, kind, mtu_bytes);
    if (error >= 0) return kind;
    refusals += fmt::format("{}{}: {}", refusals.empty() ? "" : ", ", kind, netlink_text(error));
  }
  throw SetupError(fmt::format(
      "no device to send into: {}; `modprobe ifb` or `modprobe dummy` may help", refusals));
}

}  // namespace

Device make_sink(const LinkFactors& options) {
  forbid_ipv6();
  Netlink netlink;
  Device device{.name = kSink, .kind = {}, .mtu_bytes = mtu_of(options)};
  device.kind = first_kind(netlink, device.mtu_bytes);
  if (options.offloads == Switch::off) switch_offloads_off(device.name);
  netlink.remove_queue(device.name);
  netlink.set_up(device.name);
  netlink.add_address(device.name, kServerAddress);
  return device;
}

struct SinkMeter::Parts {
  Netlink netlink;
};

SinkMeter::SinkMeter() : parts_(std::make_unique<Parts>()) {}

SinkMeter::~SinkMeter() = default;

DeviceCounts SinkMeter::read() const {
  const LinkObject link = parts_->netlink.get(kSink);
  const auto stat = [&](rtnl_link_stat_id_t id) { return ::rtnl_link_get_stat(link.get(), id); };
  // ifb books what is sent into it as received (it was made to shape incoming traffic), the others
  // as transmitted; the other direction of each stays 0.
  return {.packets = stat(RTNL_LINK_TX_PACKETS) + stat(RTNL_LINK_RX_PACKETS),
          .bytes = stat(RTNL_LINK_TX_BYTES) + stat(RTNL_LINK_RX_BYTES)};
}

}  // namespace ub::link
