// single: one OP_RECV a time into a buffer of the connection's own; what recv(2) is on a ring.
#include "receive_buffer.hpp"
#include "socket_receive.hpp"
#include "uringbench/receive/registry.hpp"

namespace ub::receive {
namespace {

class SingleRing final : public RingReceive {
 public:
  explicit SingleRing(const RingContext& context)
      : fd_(context.fd), buffer_(context.buffer_bytes) {}

  void arm(io_uring_sqe& sqe) override {
    const auto buffer = buffer_.at(0);
    ::io_uring_prep_recv(&sqe, fd_, buffer.data(), buffer.size(), 0);
  }

  ReceiveProgress complete(const uring::Completion& completion, ByteSink& sink) override {
    const ReceiveProgress progress = progress_of_single(completion);
    if (progress.bytes > 0) sink.take(buffer_.at(0).first(progress.bytes));
    return progress;
  }

 private:
  int fd_;
  ReceiveBuffers buffer_;
};

}  // namespace

Descriptor single_receive() {
  Descriptor path;
  path.name = "single";
  path.summary = "OP_RECV into a buffer of the connection's own, armed anew every time";
  path.ring_needs = {uring::Feature::op_recv};
  path.make_ring = [](const RingContext& context) { return std::make_unique<SingleRing>(context); };
  return path;
}

}  // namespace ub::receive
