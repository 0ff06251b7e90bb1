#pragma once

#include <cstdint>

#include "uringbench/base/unique_fd.hpp"
#include "uringbench/model/case.hpp"
#include "uringbench/net/socket.hpp"

namespace ub::net {

/// How an operation's bytes become UDP datagrams.
struct DatagramShape {
  std::uint64_t segment_bytes = 0;  ///< UDP_SEGMENT (Linux 4.18); 0: a send is one datagram
  std::uint64_t most_bytes = 0;     ///< of one send
};

/// How the payload lies in memory. `by_page`: in pages of the sender's own, as a zero-copy send of
/// separate fields leaves it; the kernel takes 17 pieces of pages at most in one datagram
/// (MAX_SKB_FRAGS) and refuses more with EMSGSIZE, where TCP would take a part.
enum class Pieces { few, by_page };

/// One datagram a message as long as it fits `mtu_bytes`; larger messages, and several in one
/// operation, go as one send that the kernel cuts into datagrams of a message or of the MTU,
/// whichever is less. IPv4 without options.
DatagramShape datagram_shape(const Case& the_case, std::uint32_t mtu_bytes, Pieces pieces);

/// The most bytes of an operation, from its begin or a multiple of this on, that lie in 17 pieces
/// of pages at most, wherever its fields lie.
std::uint64_t most_bytes_in_pieces(std::uint64_t size_bytes, std::uint32_t fields);

/// A UDP socket, connected and blocking, whose every send is cut as `shape` says.
/// `send_buffer_bytes` is SO_SNDBUF; 0 leaves it to the kernel. Throws SetupError.
UniqueFd connect_datagram(const Endpoint& endpoint, const DatagramShape& shape,
                          std::uint64_t send_buffer_bytes);

}  // namespace ub::net
