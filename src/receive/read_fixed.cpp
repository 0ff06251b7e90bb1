// read-fixed: OP_READ_FIXED into registered memory. One region is registered a ring, and each
// connection has its slice: one slot of the table whatever the number of connections.
#include <fmt/format.h>

#include "receive_buffer.hpp"
#include "socket_receive.hpp"
#include "uringbench/base/check.hpp"
#include "uringbench/base/units.hpp"
#include "uringbench/receive/registry.hpp"

namespace ub::receive {
namespace {

constexpr auto kSlot = uring::BufferSlot::receive;

class FixedRegion final : public RingShared {
 public:
  explicit FixedRegion(const SharedContext& context)
      : connections_(context.connections), buffers_(context.buffer_bytes, context.connections) {
    const SysResult result = context.ring->register_buffer(kSlot, buffers_.whole());
    if (result.ok()) return;
    const std::uint64_t bytes = buffers_.whole().size();
    throw_setup_error(
        fmt::format("registering {} of receive buffers", format_size(bytes)), result.error,
        fmt::format("raise the limit with `ulimit -l {}`; one region holds at most 1 GiB",
                    (bytes >> 10U) + 1024));
  }

  [[nodiscard]] std::span<std::byte> slice(std::uint32_t connection) const {
    check(connection < connections_, "every connection of a ring has a slice of its own");
    return buffers_.at(connection);
  }

 private:
  std::uint32_t connections_;
  ReceiveBuffers buffers_;
};

class ReadFixedRing final : public RingReceive {
 public:
  explicit ReadFixedRing(const RingContext& context)
      : fd_(context.fd),
        buffer_(static_cast<FixedRegion*>(context.shared)->slice(context.connection)) {}

  void arm(io_uring_sqe& sqe) override {
    ::io_uring_prep_read_fixed(&sqe, fd_, buffer_.data(), static_cast<unsigned>(buffer_.size()), 0,
                               static_cast<int>(kSlot));
  }

  ReceiveProgress complete(const uring::Completion& completion, ByteSink& sink) override {
    const ReceiveProgress progress = progress_of_single(completion);
    if (progress.bytes > 0) sink.take(buffer_.first(progress.bytes));
    return progress;
  }

 private:
  int fd_;
  std::span<std::byte> buffer_;
};

}  // namespace

Descriptor read_fixed_receive() {
  Descriptor path;
  path.name = "read-fixed";
  path.summary = "OP_READ_FIXED into registered memory: no page look-up, the copy stays";
  path.ring_needs = {uring::Feature::read_fixed};
  path.make_shared = [](const SharedContext& context) {
    return std::make_unique<FixedRegion>(context);
  };
  path.make_ring = [](const RingContext& context) {
    return std::make_unique<ReadFixedRing>(context);
  };
  return path;
}

}  // namespace ub::receive
