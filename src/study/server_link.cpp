#include "server_link.hpp"

#include <fmt/format.h>

#include "uringbench/link/device.hpp"
#include "uringbench/link/network.hpp"
#include "uringbench/net/datagram.hpp"

namespace ub::study {
namespace {

constexpr std::uint16_t kDiscardPort = 9;  // of the service that drops what it gets (RFC 863)

/// Whether the kernel keeps pointers into many pages of the sender's.
net::Pieces pieces_of(const path::Descriptor& path) {
  const bool fields = path.layout == net::Layout::fields;
  return fields && path.reuse == path::Reuse::on_notification ? net::Pieces::by_page
                                                              : net::Pieces::few;
}

}  // namespace

Facts open_device(const Case& the_case) {
  if (the_case.link == Link::loopback) return {};
  link::enter_private_network();
  const link::Device device = the_case.link == Link::sink ? link::make_sink(the_case.device)
                                                          : link::make_veth(the_case.device);
  return {{"device", fmt::format("{} ({})", device.name, device.kind)},
          {"device_mtu_bytes", fmt::to_string(device.mtu_bytes)}};
}

net::Endpoint connect_to_sink(engine::EngineSetup& setup, Facts& facts) {
  const Case& c = setup.the_case;
  net::Endpoint endpoint{link::kClientAddress, kDiscardPort};
  const std::uint32_t mtu_bytes = link::mtu_of(c.device);
  const net::DatagramShape shape = net::datagram_shape(c, mtu_bytes, pieces_of(*setup.path));
  for (std::uint32_t i = 0; i < c.clients; ++i) {
    setup.sockets.push_back(net::connect_datagram(endpoint, shape, c.send_buffer_bytes));
  }
  setup.most_bytes_a_send = shape.most_bytes;
  facts["datagram_segment_bytes"] = fmt::to_string(shape.segment_bytes);
  facts["send_bytes_at_most"] = fmt::to_string(shape.most_bytes);
  return endpoint;
}

}  // namespace ub::study
