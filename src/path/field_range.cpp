#include "field_range.hpp"

namespace ub::path {

msghdr& FieldRange::set(const Payload& payload) {
  std::span<const iovec> fields = payload.messages->fields_of(payload.first, payload.count);
  if (payload.skip_bytes > 0) fields = skip(fields, payload.skip_bytes);
  // sendmsg(2) does not write through msg_iov; the type is older than const.
  header_.msg_iov = const_cast<iovec*>(fields.data());
  header_.msg_iovlen = fields.size();
  return header_;
}

std::span<const iovec> FieldRange::skip(std::span<const iovec> fields, std::uint64_t skip_bytes) {
  rest_.clear();
  for (const iovec& field : fields) {
    if (skip_bytes >= field.iov_len) {
      skip_bytes -= field.iov_len;
      continue;
    }
    rest_.push_back(
        {static_cast<std::byte*>(field.iov_base) + skip_bytes, field.iov_len - skip_bytes});
    skip_bytes = 0;
  }
  return rest_;
}

}  // namespace ub::path
