#include "scribbler.hpp"

#include <algorithm>
#include <cstring>

namespace ub::engine {
namespace {

constexpr std::byte kGarbage{0xa5};

/// Writes `bytes` over message `index`, however the set is laid out.
void write_message(const net::MessageSet& messages, std::uint32_t index,
                   const std::vector<std::byte>& bytes) {
  if (messages.layout() != net::Layout::fields) {
    std::memcpy(messages.at(index), bytes.data(), bytes.size());
    return;
  }
  const std::byte* from = bytes.data();
  for (const iovec& field : messages.fields_of(index, 1)) {
    std::copy_n(from, field.iov_len, static_cast<std::byte*>(field.iov_base));
    from += field.iov_len;
  }
}

}  // namespace

void Scribbler::taken(const net::MessageSet& messages, std::uint32_t first, std::uint32_t count) {
  out_.resize(messages.count());
  for (std::uint32_t index = first; index < first + count; ++index) {
    faults_ += out_[index] ? 1U : 0U;
    out_[index] = true;
    restore(messages, index);
  }
  taken_in_all_ += count;
  still_out_ += count;
  most_out_ = std::max(most_out_, still_out_);
}

void Scribbler::given_back(const net::MessageSet& messages, std::uint32_t first,
                           std::uint32_t count) {
  for (std::uint32_t index = first; index < first + count; ++index) {
    faults_ += out_[index] ? 0U : 1U;
    out_[index] = false;
    scribble(messages, index);
  }
  still_out_ -= count;
}

void Scribbler::restore(const net::MessageSet& messages, std::uint32_t index) {
  std::vector<std::byte> bytes(messages.size_bytes());
  net::fill_message(bytes, index);
  write_message(messages, index, bytes);
}

void Scribbler::scribble(const net::MessageSet& messages, std::uint32_t index) {
  const std::vector<std::byte> garbage(messages.size_bytes(), kGarbage);
  write_message(messages, index, garbage);
}

void HastyScribbler::taken(const net::MessageSet& messages, std::uint32_t first,
                           std::uint32_t count) {
  for (std::uint32_t i = 0; last_first_ && i < count; ++i) scribble(messages, *last_first_ + i);
  last_first_ = first;
  Scribbler::taken(messages, first, count);
}

}  // namespace ub::engine
