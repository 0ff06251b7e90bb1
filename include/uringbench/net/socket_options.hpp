#pragma once

#include <cstdint>
#include <string>

#include "uringbench/model/case.hpp"
#include "uringbench/model/sample.hpp"

namespace ub::net {

/// What one end asks of its sockets. 0 and an empty text leave the choice to the kernel; everything
/// else is set, read back, and refused if the kernel gave something else.
struct SocketOptions {
  Switch nodelay = Switch::off;            ///< TCP_NODELAY
  std::string congestion;                  ///< TCP_CONGESTION
  std::uint64_t send_buffer_bytes = 0;     ///< SO_SNDBUF as set; the kernel reserves twice as much
  std::uint64_t receive_buffer_bytes = 0;  ///< SO_RCVBUF as set; the kernel reserves twice as much
  std::uint64_t receive_lowat_bytes = 0;   ///< SO_RCVLOWAT
  Switch reuse_port = Switch::off;         ///< SO_REUSEPORT: listeners share a port (socket(7))
};

SocketOptions server_options(const Case& the_case);
SocketOptions client_options(const Case& the_case);

/// Sets `options` on a stream socket that is neither connected nor listening: buffer sizes must be
/// known before the handshake, which fixes the window scale (tcp(7)). Throws SetupError, naming the
/// sysctl or module, when the kernel refuses a value or clamps it.
void apply_options(int fd, const SocketOptions& options);

/// The buffers and the low-water mark of them alone: what a socket of any kind has.
void apply_buffers(int fd, const SocketOptions& options);

/// What is in effect on `fd` now: "congestion", "nodelay", "send_buffer_bytes",
/// "receive_buffer_bytes", "receive_lowat_bytes", "mss_bytes". Buffer sizes are the kernel's own
/// figures: twice the value set, or what it tuned to by now. A fact that this kind of socket does
/// not have says why.
Facts effective_options(int fd);

/// "cubic" if this user may choose it, because bbr, the default of some machines, halves loopback
/// throughput and triples its spread (36 against 56 Gbit/s at 64 KiB); otherwise the system's
/// default. Found out on a socket that is thrown away. Throws SetupError if there can be no TCP
/// socket at all.
std::string default_congestion();

}  // namespace ub::net
