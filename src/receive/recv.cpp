// recv: the classic recv(2) into a buffer of the connection's own.
#include "receive_buffer.hpp"
#include "socket_receive.hpp"
#include "uringbench/receive/registry.hpp"

namespace ub::receive {
namespace {

class RecvSyscall final : public SyscallReceive {
 public:
  explicit RecvSyscall(const SyscallContext& context)
      : fd_(context.fd), buffer_(context.buffer_bytes) {}

  ReceiveProgress receive(Patience patience, ByteSink& sink) override {
    const auto buffer = buffer_.at(0);
    const ReceiveProgress progress =
        progress_of_call(::recv(fd_, buffer.data(), buffer.size(), flags_for(patience)));
    if (progress.bytes > 0) sink.take(buffer.first(progress.bytes));
    return progress;
  }

 private:
  int fd_;
  ReceiveBuffers buffer_;
};

}  // namespace

Descriptor recv_receive() {
  Descriptor path;
  path.name = "recv";
  path.summary = "recv(2) into a buffer of the connection's own";
  path.make_syscall = [](const SyscallContext& context) {
    return std::make_unique<RecvSyscall>(context);
  };
  return path;
}

}  // namespace ub::receive
