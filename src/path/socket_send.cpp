#include "socket_send.hpp"

#include <algorithm>

namespace ub::path {
msghdr& FieldRange::set(const Payload& payload) {
  std::span<const iovec> fields = payload.messages->fields_of(payload.first, payload.count);
  if (payload.attempt_bytes() < payload.total_bytes()) {
    fields = part(fields, payload.skip_bytes, payload.attempt_bytes());
  }
  // sendmsg(2) does not write through msg_iov; the type is older than const.
  header_.msg_iov = const_cast<iovec*>(fields.data());
  header_.msg_iovlen = fields.size();
  return header_;
}

std::span<const iovec> FieldRange::part(std::span<const iovec> fields, std::uint64_t skip_bytes,
                                        std::uint64_t bytes) {
  part_.clear();
  for (const iovec& field : fields) {
    if (bytes == 0) break;
    if (skip_bytes >= field.iov_len) {
      skip_bytes -= field.iov_len;
      continue;
    }
    const std::uint64_t length = std::min(field.iov_len - skip_bytes, bytes);
    part_.push_back({static_cast<std::byte*>(field.iov_base) + skip_bytes, length});
    skip_bytes = 0;
    bytes -= length;
  }
  return part_;
}

}  // namespace ub::path
