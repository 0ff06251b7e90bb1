#include "uringbench/uring/buffer_ring.hpp"

#include <fmt/format.h>

#include <bit>

#include "uringbench/base/check.hpp"
#include "uringbench/uring/refusal.hpp"

namespace ub::uring {

BufferRing::BufferRing(Ring& ring, std::uint16_t group, std::uint16_t entries,
                       Consumption consumption)
    : ring_(&ring),
      group_(group),
      entries_(entries),
      memory_(MappedMemory::anonymous(entries * sizeof(io_uring_buf))) {
  check(std::has_single_bit(entries), "a buffer ring has a power of two of entries");
  abi::BufferRingRegistration registration{};
  registration.address = reinterpret_cast<std::uint64_t>(memory_.data());
  registration.entries = entries;
  registration.group = group;
  if (consumption == Consumption::incremental) registration.flags = abi::kPbufRingIncremental;
  auto kernels = std::bit_cast<io_uring_buf_reg>(registration);
  const int result =
      repeat_interrupted([&] { return ::io_uring_register_buf_ring(ring.raw(), &kernels, 0); });
  if (result < 0) {
    throw SetupError(fmt::format("registering a ring of {} buffers: {}", entries,
                                 explain_refusal("io_uring_register", -result)),
                     -result);
  }
  ::io_uring_buf_ring_init(view());
}

BufferRing::~BufferRing() {
  (void)::io_uring_unregister_buf_ring(ring_->raw(), group_);
}

io_uring_buf_ring* BufferRing::view() const {
  return reinterpret_cast<io_uring_buf_ring*>(memory_.data());
}

void BufferRing::write(std::uint16_t position, std::span<const std::byte> data, std::uint16_t id) {
  // By field: the entry at index 0 shares its last two bytes with the ring's tail.
  io_uring_buf& entry = view()->bufs[position & (entries_ - 1U)];
  entry.addr = reinterpret_cast<std::uint64_t>(data.data());
  entry.len = static_cast<std::uint32_t>(data.size());
  entry.bid = id;
}

const io_uring_buf& BufferRing::entry(std::uint16_t position) const {
  return view()->bufs[position & (entries_ - 1U)];
}

void BufferRing::publish(std::uint16_t position) {
  io_uring_smp_store_release(&view()->tail, position);
}

SysResult BufferRing::next_taken() const {
  abi::BufferRingStatus status{};
  status.group = group_;
  const int result = ::io_uring_register(static_cast<unsigned>(ring_->raw()->ring_fd),
                                         abi::kRegisterPbufStatus, &status, 1);
  return result < 0 ? from_negative(result) : SysResult{status.head, 0};
}

}  // namespace ub::uring
