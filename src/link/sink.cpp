// UDP into a device that drops. Nobody is there to receive, so what the device was given is
// counted instead, by the load generator, which has no part in the sending.
#include <fmt/format.h>

#include "device.hpp"
#include "netlink.hpp"
#include "uringbench/link/descriptor.hpp"
#include "uringbench/link/network.hpp"

namespace ub::link {
namespace {

constexpr const char* kSink = "sink0";

/// Bytes in front of the payload of a UDP datagram, as devices count them: Ethernet, IPv4 and UDP.
constexpr std::uint64_t kHeaderBytes = 14 + 20 + 8;

/// One socket for each client, connected to an address of the device's subnet that nobody has.
ServerEnd open(const ServerSetup& setup) {
  const Case& c = setup.the_case;
  enter_private_network();
  Netlink netlink;
  const Device device = make_dropping_device(
      netlink, {.name = kSink, .mtu_bytes = mtu_of(c.device), .offloads = c.device.offloads});
  netlink.add_address(device.name, kServerAddress);
  const net::DatagramShape shape = net::datagram_shape(c, device.mtu_bytes, setup.pieces);
  ServerEnd end{.most_bytes_a_send = shape.most_bytes,
                .endpoint = {kClientAddress, kDiscardPort},
                .local_address = kServerAddress,
                .effective = device_facts(device)};
  for (std::uint32_t i = 0; i < c.clients; ++i) {
    end.connected.push_back(net::connect_datagram(end.endpoint, shape, c.send_buffer_bytes));
  }
  end.effective["datagram_segment_bytes"] = fmt::to_string(shape.segment_bytes);
  end.effective["send_bytes_at_most"] = fmt::to_string(shape.most_bytes);
  return end;
}

class SinkMeter final : public Meter {
 public:
  [[nodiscard]] MeterCounts read() const override {
    const LinkObject link = netlink_.get(kSink);
    const auto stat = [&](rtnl_link_stat_id_t id) { return ::rtnl_link_get_stat(link.get(), id); };
    // ifb books what is sent into it as received (it was made to shape incoming traffic), the
    // others as transmitted; the other direction of each stays 0.
    const std::uint64_t packets = stat(RTNL_LINK_TX_PACKETS) + stat(RTNL_LINK_RX_PACKETS);
    const std::uint64_t bytes = stat(RTNL_LINK_TX_BYTES) + stat(RTNL_LINK_RX_BYTES);
    return {.payload_bytes = bytes - packets * kHeaderBytes};
  }

 private:
  mutable Netlink netlink_;
};

std::unique_ptr<Meter> join(const Case& /*the_case*/, int server_id) {
  join_network_of(server_id);
  return std::make_unique<SinkMeter>();
}

}  // namespace

Descriptor sink_link() {
  return {.open = open, .join = join};
}

}  // namespace ub::link
