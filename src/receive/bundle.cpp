// bundle: a multishot receive whose completions may span several provided buffers (Linux 6.10).
#include <algorithm>

#include "pooled_receive.hpp"
#include "uringbench/receive/registry.hpp"

namespace ub::receive {
namespace {

class BundleRing final : public PooledReceive {
 public:
  explicit BundleRing(const RingContext& context) : PooledReceive(context, abi::kRecvSendBundle) {}

 private:
  /// The completion names only the first buffer; the rest follow in the order in which we gave
  /// them, each filled before the next is begun. The last counts as used up however little it has.
  void take(std::uint16_t first, std::uint64_t bytes, ByteSink& sink) override {
    std::uint16_t id = first;
    while (bytes > 0) {
      const std::uint64_t here = std::min(bytes, pool().offered(id));
      const std::uint16_t next = pool().after(id);
      sink.take(pool().bytes_of(id).first(here));
      pool().give(id);
      bytes -= here;
      id = next;
    }
  }
};

}  // namespace

Descriptor bundle_receive() {
  Descriptor path;
  path.name = "bundle";
  path.summary = "multishot whose completions span as many provided buffers as bytes wait";
  path.ring_needs = {uring::Feature::op_recv, uring::Feature::buffer_ring,
                     uring::Feature::recv_multishot, uring::Feature::recv_bundle};
  path.make_shared = [](const SharedContext& context) {
    return std::make_unique<BufferPool>(context, uring::Consumption::whole);
  };
  path.make_ring = [](const RingContext& context) { return std::make_unique<BundleRing>(context); };
  return path;
}

}  // namespace ub::receive
