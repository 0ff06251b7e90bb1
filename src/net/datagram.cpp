#include "uringbench/net/datagram.hpp"

#include <fmt/format.h>
#include <netinet/in.h>
#include <netinet/udp.h>
#include <sys/socket.h>

#include <algorithm>
#include <cerrno>

#include "address.hpp"
#include "uringbench/base/check.hpp"
#include "uringbench/base/error.hpp"

namespace ub::net {
namespace {

constexpr std::uint64_t kHeadersBytes = 28;  // IPv4 and UDP
constexpr std::uint64_t kMostPayloadBytes = 65'535 - kHeadersBytes;
constexpr std::uint64_t kPageBytes = 4096;
constexpr std::uint64_t kMostPieces = 17;    // MAX_SKB_FRAGS, as it is without configuration
constexpr std::uint64_t kMostSegments = 64;  // UDP_MAX_SEGMENTS until Linux 6.9; 128 since

void set_segment(int fd, std::uint64_t segment_bytes) {
  const int size = static_cast<int>(segment_bytes);
  if (::setsockopt(fd, IPPROTO_UDP, UDP_SEGMENT, &size, sizeof size) == 0) return;
  throw_setup_error(fmt::format("setting UDP_SEGMENT to {}", segment_bytes), errno,
                    "it needs Linux 4.18; without it choose --batch 1 and a --size below the MTU");
}

}  // namespace

std::uint64_t most_bytes_in_pieces(std::uint64_t size_bytes, std::uint32_t fields) {
  // Ten whole pages, begun anywhere and crossing the border of two fields, are 14 pieces at most.
  constexpr std::uint64_t kAnywhere = 10 * kPageBytes;
  const std::uint64_t shortest = size_bytes / fields;
  const std::uint64_t longest = (size_bytes + fields - 1) / fields;
  const std::uint64_t pieces_a_field = longest < 2 ? 1 : (longest - 2) / kPageBytes + 2;
  const bool whole_fields = shortest == longest && pieces_a_field <= kMostPieces;
  if (whole_fields) return kMostPieces / pieces_a_field * shortest;
  const std::uint64_t messages = kMostPieces / (pieces_a_field * fields);
  if (messages > 0) return messages * size_bytes;
  return std::clamp<std::uint64_t>(shortest, 1, kAnywhere);
}

DatagramShape datagram_shape(const Case& the_case, std::uint32_t mtu_bytes, Pieces pieces) {
  check(mtu_bytes > kHeadersBytes, "an MTU holds more than headers");
  const std::uint64_t fitting = std::min(mtu_bytes - kHeadersBytes, kMostPayloadBytes);
  const std::uint64_t in_pieces = pieces == Pieces::few
                                      ? kMostPayloadBytes
                                      : most_bytes_in_pieces(the_case.size_bytes, the_case.fields);
  if (the_case.batch == 1 && the_case.size_bytes <= fitting) {
    return {0, std::min(the_case.size_bytes, in_pieces)};
  }
  const std::uint64_t segment = std::min(the_case.size_bytes, fitting);
  const std::uint64_t segments = std::min(kMostPayloadBytes / segment, kMostSegments);
  return {segment, std::min(segments * segment, in_pieces)};
}

UniqueFd connect_datagram(const Endpoint& endpoint, const DatagramShape& shape,
                          std::uint64_t send_buffer_bytes) {
  const SocketAddress address = to_socket_address(endpoint);
  UniqueFd fd(::socket(address.family(), SOCK_DGRAM | SOCK_CLOEXEC, 0));
  if (!fd) throw_setup_error("creating a UDP socket", errno);
  if (shape.segment_bytes > 0) set_segment(fd.get(), shape.segment_bytes);
  SocketOptions options;
  options.send_buffer_bytes = send_buffer_bytes;
  apply_buffers(fd.get(), options);
  if (connect_socket(fd.get(), address) != 0) {
    throw_setup_error("connecting a UDP socket to " + to_text(endpoint), errno);
  }
  return fd;
}

}  // namespace ub::net
