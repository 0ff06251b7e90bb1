#include "uringbench/net/connection_facts.hpp"

#include <fmt/format.h>
#include <linux/tcp.h>
#include <netinet/in.h>
#include <sys/socket.h>

#include <cstddef>
#include <cstdint>

#include "uringbench/net/socket_options.hpp"

namespace ub::net {
namespace {

struct TcpFact {
  const char* name;
  std::size_t end;  ///< of the member: struct tcp_info has grown over the years
  std::uint64_t value;
};

void add_tcp_info(int fd, Facts& facts) {
  tcp_info info{};
  socklen_t length = sizeof info;
  if (::getsockopt(fd, IPPROTO_TCP, TCP_INFO, &info, &length) != 0) return;
  const auto end_of = [&](const auto& member) {
    return static_cast<std::size_t>(reinterpret_cast<const char*>(&member + 1) -
                                    reinterpret_cast<const char*>(&info));
  };
  for (const TcpFact& fact : {
           TcpFact{"tcp_segments_out", end_of(info.tcpi_segs_out), info.tcpi_segs_out},
           TcpFact{"tcp_data_segments_out", end_of(info.tcpi_data_segs_out),
                   info.tcpi_data_segs_out},
           TcpFact{"tcp_retransmits", end_of(info.tcpi_total_retrans), info.tcpi_total_retrans},
           TcpFact{"tcp_rtt_us", end_of(info.tcpi_rtt), info.tcpi_rtt},
           TcpFact{"tcp_cwnd_segments", end_of(info.tcpi_snd_cwnd), info.tcpi_snd_cwnd},
           TcpFact{"tcp_delivery_rate_bytes_per_s", end_of(info.tcpi_delivery_rate),
                   info.tcpi_delivery_rate},
       }) {
    if (length >= fact.end) facts[fact.name] = fmt::to_string(fact.value);
  }
}

}  // namespace

bool is_connected(int fd) {
  sockaddr_storage peer{};
  socklen_t length = sizeof peer;
  return ::getpeername(fd, reinterpret_cast<sockaddr*>(&peer), &length) == 0;
}

Facts connection_facts(int fd) {
  Facts facts = effective_options(fd);
  add_tcp_info(fd, facts);
  return facts;
}

}  // namespace ub::net
