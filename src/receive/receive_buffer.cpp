#include "receive_buffer.hpp"

#include <cstring>

#include "uringbench/base/check.hpp"

namespace ub::receive {
namespace {

constexpr std::uint64_t kPageBytes = 4096;
constexpr std::uint64_t kLineBytes = 64;

}  // namespace

std::uint64_t stride_of(std::uint64_t buffer_bytes) {
  check(buffer_bytes > 0, "a receive buffer has room");
  const std::uint64_t unit = buffer_bytes < kPageBytes ? kLineBytes : kPageBytes;
  return (buffer_bytes + unit - 1) / unit * unit;
}

ReceiveBuffers::ReceiveBuffers(std::uint64_t buffer_bytes, std::uint64_t count)
    : buffer_bytes_(buffer_bytes),
      stride_(stride_of(buffer_bytes)),
      memory_(MappedMemory::anonymous(stride_ * count)) {
  std::memset(memory_.data(), 0, memory_.size());
}

}  // namespace ub::receive
