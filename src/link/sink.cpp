// A device that drops what is sent into it, and its counters.
#include "dropping_device.hpp"

namespace ub::link {
namespace {

constexpr const char* kSink = "sink0";

}  // namespace

Device make_sink(const LinkFactors& options) {
  forbid_ipv6();
  Netlink netlink;
  Device device = make_dropping_device(
      netlink, {.name = kSink, .mtu_bytes = mtu_of(options), .offloads = options.offloads});
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
