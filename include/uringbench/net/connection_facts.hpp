#pragma once

#include "uringbench/model/sample.hpp"

namespace ub::net {

/// effective_options() of a connected socket, and of TCP what it says of the connection since its
/// start (tcp(7), TCP_INFO; struct tcp_info of linux/tcp.h): "tcp_segments_out",
/// "tcp_data_segments_out", "tcp_retransmits", "tcp_rtt_us", "tcp_cwnd_segments",
/// "tcp_delivery_rate_bytes_per_s". A kernel that knows less of them gives fewer, and another kind
/// of socket none of TCP.
Facts connection_facts(int fd);

/// Whether `fd` has a peer now. Who knows no more than the number of a socket asks this first: it
/// may be closed by now, or be something else.
bool is_connected(int fd);

}  // namespace ub::net
