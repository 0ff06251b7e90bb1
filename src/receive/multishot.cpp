// multishot: one OP_RECV stays armed and completes into provided buffers as bytes come (Linux 6.0).
#include "pooled_receive.hpp"
#include "uringbench/receive/registry.hpp"

namespace ub::receive {
namespace {

class MultishotRing final : public PooledReceive {
 public:
  explicit MultishotRing(const RingContext& context) : PooledReceive(context) {}

 private:
  void take(std::uint16_t first, std::uint64_t bytes, ByteSink& sink) override {
    sink.take(pool().bytes_of(first).first(bytes));
    pool().give(first);
  }
};

}  // namespace

Descriptor multishot_receive() {
  Descriptor path;
  path.name = "multishot";
  path.summary = "OP_RECV that stays armed, into provided buffers shared by all connections";
  path.ring_needs = {uring::Feature::op_recv, uring::Feature::buffer_ring,
                     uring::Feature::recv_multishot};
  path.make_shared = [](const SharedContext& context) {
    return std::make_unique<BufferPool>(context, uring::Consumption::whole);
  };
  path.make_ring = [](const RingContext& context) {
    return std::make_unique<MultishotRing>(context);
  };
  return path;
}

}  // namespace ub::receive
