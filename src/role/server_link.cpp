#include "server_link.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/socket.h>

#include <cerrno>
#include <chrono>
#include <thread>

#include "uringbench/base/clock.hpp"
#include "uringbench/base/error.hpp"
#include "uringbench/link/device.hpp"
#include "uringbench/link/network.hpp"
#include "uringbench/link/tcp_sink.hpp"
#include "uringbench/net/datagram.hpp"

namespace ub::role {
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
  if (the_case.link == Link::tcp_sink) {
    link::prepare_tcp_sinks();
    return {};
  }
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

net::Endpoint connect_to_tcp_sinks(engine::EngineSetup& setup, std::vector<UniqueFd>& watched,
                                   Facts& facts) {
  const Case& c = setup.the_case;
  link::Device device;
  for (std::uint32_t i = 0; i < c.clients; ++i) {
    UniqueFd fd(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
    if (!fd) throw_setup_error("creating a TCP socket", errno);
    net::apply_options(fd.get(), net::server_options(c));
    device = link::connect_into_tcp_sink(fd.get(), i, c.device);
    watched.emplace_back(::fcntl(fd.get(), F_DUPFD_CLOEXEC, 0));
    if (!watched.back()) throw_setup_error("watching a socket", errno, "raise `ulimit -n`");
    setup.sockets.push_back(std::move(fd));
  }
  facts.merge(net::effective_options(setup.sockets.front().get()));
  facts["device"] = fmt::format("{} of {}", c.clients, device.kind);
  facts["device_mtu_bytes"] = fmt::to_string(device.mtu_bytes);
  return {link::kClientAddress, kDiscardPort};
}

TcpSinkEnd wait_until_acknowledged(const std::vector<UniqueFd>& sockets,
                                   std::uint64_t deadline_ns) {
  constexpr std::uint64_t kEndOfStream = 1;  // counts as a byte, and is never acknowledged
  TcpSinkEnd end;
  for (const UniqueFd& socket : sockets) {
    link::TcpProgress progress = link::tcp_progress(socket.get());
    while (progress.unacknowledged_bytes > kEndOfStream && now_ns() < deadline_ns) {
      std::this_thread::sleep_for(std::chrono::microseconds(100));
      progress = link::tcp_progress(socket.get());
    }
    if (progress.unacknowledged_bytes > kEndOfStream) {
      end.failure =
          fmt::format("{} bytes were not acknowledged in time", progress.unacknowledged_bytes);
    }
    end.retransmitted_bytes += progress.retransmitted_bytes;
  }
  return end;
}

}  // namespace ub::role
