// incremental: a multishot receive that uses up provided buffers bit by bit (Linux 6.12): a small
// receive takes a small piece of a large buffer, not all of it.
#include "pooled_receive.hpp"
#include "uringbench/receive/registry.hpp"

namespace ub::receive {
namespace {

class IncrementalRing final : public PooledReceive {
 public:
  explicit IncrementalRing(const RingContext& context) : PooledReceive(context) {}

 private:
  /// Connections share a buffer, so its pieces may belong to several of them. IORING_CQE_F_BUF_MORE
  /// says that a buffer is not used up, but kernels up to 6.19 leave it out where it should be
  /// (liburing issues 1545 and 1553); the bytes counted are the same rule and always right.
  void take(std::uint16_t first, std::uint64_t bytes, ByteSink& sink) override {
    sink.take(pool().fill(first, bytes));
    if (pool().is_full(first)) pool().give(first);
  }
};

}  // namespace

Descriptor incremental_receive() {
  Descriptor path;
  path.name = "incremental";
  path.summary = "multishot into provided buffers that are used up bit by bit (IOU_PBUF_RING_INC)";
  path.ring_needs = {uring::Feature::op_recv, uring::Feature::buffer_ring,
                     uring::Feature::recv_multishot, uring::Feature::buffer_ring_incremental};
  path.make_shared = [](const SharedContext& context) {
    return std::make_unique<BufferPool>(context, uring::Consumption::incremental);
  };
  path.make_ring = [](const RingContext& context) {
    return std::make_unique<IncrementalRing>(context);
  };
  return path;
}

}  // namespace ub::receive
