// How each feature of io_uring is tried.
#include "questions.hpp"

#include <fmt/format.h>
#include <poll.h>
#include <sys/socket.h>

#include <array>
#include <cerrno>
#include <memory>
#include <optional>

#include "trial.hpp"
#include "uringbench/base/check.hpp"
#include "uringbench/base/mapped_memory.hpp"
#include "uringbench/uring/buffer_ring.hpp"
#include "uringbench/uring/refusal.hpp"

namespace ub::uring {
namespace {

/// Of a feature about which the kernel says yes or no.
Answer either(bool there, std::string_view how, std::string_view yes, std::string_view no) {
  return {there ? Support::present : Support::missing, how, std::string(there ? yes : no)};
}

/// What refuses a flag, an operation or a registration that a kernel does not know. Every other
/// errno is of the trial: it says nothing of the feature.
bool says_unknown(int error) {
  return error == EINVAL || error == EOPNOTSUPP;
}

Answer from_call(std::string_view call, std::string_view how, std::string_view accepted,
                 int error) {
  if (error == 0) return {Support::present, how, std::string(accepted)};
  if (says_unknown(error)) return {Support::missing, how, describe_errno(error)};
  return {Support::untried, how, explain_refusal(call, error)};
}

Answer from_registration(int error) {
  return from_call("io_uring_register", "trial", "accepted", error);
}

/// Asks the kernel one feature at a time; needs a kernel that has io_uring at all.
class Questions {
 public:
  Answer ask(Feature feature) {
    try {
      return answer(feature);
    } catch (const SetupError& error) {
      const Support support = says_unknown(error.error()) ? Support::missing : Support::untried;
      return {support, "trial", error.what()};
    }
  }

 private:
  Answer answer(Feature feature) {
    switch (feature) {
      case Feature::ring:
        return {Support::present, "set-up trial", "granted"};
      case Feature::single_issuer:
        return setup(IORING_SETUP_SINGLE_ISSUER);
      case Feature::defer_taskrun:
        return setup(IORING_SETUP_SINGLE_ISSUER | IORING_SETUP_DEFER_TASKRUN);
      case Feature::coop_taskrun:
        return setup(IORING_SETUP_COOP_TASKRUN);
      case Feature::registered_ring_fd:
        return from_registration(ring_.registered_fd_error());
      case Feature::accept_multishot:
        return accept_multishot();
      case Feature::poll_multishot:
        return poll_multishot();
      case Feature::op_send:
        return opcode(IORING_OP_SEND);
      case Feature::op_sendmsg:
        return opcode(IORING_OP_SENDMSG);
      case Feature::op_write:
        return opcode(IORING_OP_WRITE);
      case Feature::write_fixed:
        return write_fixed();
      case Feature::buffer_ring:
        return buffer_ring(Consumption::whole);
      case Feature::send_bundle:
        return feature_bit(abi::kFeatRecvSendBundle);
      case Feature::op_splice:
        return opcode(IORING_OP_SPLICE);
      case Feature::send_zc:
        return send_zc(0);
      case Feature::send_zc_fixed:
        return send_zc(abi::kRecvSendFixedBuf);
      case Feature::sendmsg_zc:
        return opcode(IORING_OP_SENDMSG_ZC);
      case Feature::sendmsg_zc_fixed:
        return sendmsg_zc_fixed();
      case Feature::send_vectorized:
        return send_vectorized();
      case Feature::send_zc_report_usage:
        return send_zc(abi::kSendZcReportUsage);
      case Feature::op_recv:
        return opcode(IORING_OP_RECV);
      case Feature::read_fixed:
        return read_fixed();
      case Feature::recv_multishot:
        return recv_multishot();
      case Feature::recv_bundle:
        return feature_bit(abi::kFeatRecvSendBundle);
      case Feature::buffer_ring_incremental:
        return buffer_ring(Consumption::incremental);
    }
    fail_check("every feature has a question");
  }

  static Answer setup(unsigned flags) {
    io_uring trial{};
    const int result = repeat_interrupted([&] { return ::io_uring_queue_init(4, &trial, flags); });
    if (result == 0) ::io_uring_queue_exit(&trial);
    return from_call("io_uring_setup", "set-up trial", "granted", -result);
  }

  Answer opcode(int operation) {
    if (!opcodes_) {
      errno = 0;
      opcodes_.reset(::io_uring_get_probe_ring(ring_.raw()));
    }
    if (!opcodes_) {
      const SysResult why = refused_opcode_probe();
      if (why.error != EINVAL) {
        return {Support::untried, "opcode probe", explain_refusal("io_uring_register", why.error)};
      }
      return {Support::missing, "opcode probe", "IORING_REGISTER_PROBE refused (before Linux 5.6)"};
    }
    return either(::io_uring_opcode_supported(opcodes_.get(), operation) != 0, "opcode probe",
                  "known", "not known to this kernel");
  }

  /// liburing keeps the errno to itself.
  SysResult refused_opcode_probe() {
    constexpr unsigned kOperations = 1;
    alignas(io_uring_probe)
        std::array<std::byte, sizeof(io_uring_probe) + sizeof(io_uring_probe_op)>
            memory{};
    auto* probe = reinterpret_cast<io_uring_probe*>(memory.data());
    return from_negative(repeat_interrupted(
        [&] { return ::io_uring_register_probe(ring_.raw(), probe, kOperations); }));
  }

  Answer feature_bit(std::uint32_t bit) {
    return either((ring_.features() & bit) != 0, "feature bit", "set", "not set");
  }

  /// Of an operation that was submitted: of its completion, or of the call that submits.
  Answer from_trial(const SysResult& result) {
    if (ring_.error() != 0) {
      return {Support::untried, "trial", explain_refusal("io_uring_enter", ring_.error())};
    }
    if (result.ok()) return {Support::present, "trial", "accepted"};
    const Support support = says_unknown(result.error) ? Support::missing : Support::untried;
    return {support, "trial", describe_errno(result.error)};
  }

  Answer accept_multishot() {
    return from_trial(arm([&](io_uring_sqe& sqe) {
      ::io_uring_prep_multishot_accept(&sqe, pair().listener.get(), nullptr, nullptr, SOCK_CLOEXEC);
    }));
  }

  Answer poll_multishot() {
    return from_trial(arm([&](io_uring_sqe& sqe) {
      ::io_uring_prep_poll_multishot(&sqe, pair().server.get(), POLLERR);
    }));
  }

  Answer write_fixed() {
    if (const SysResult result = register_page(); !result.ok()) {
      return from_registration(result.error);
    }
    return from_trial(operate([&](io_uring_sqe& sqe) {
      ::io_uring_prep_write_fixed(&sqe, pair().server.get(), page_.data(), 1, 0, 0);
    }));
  }

  Answer read_fixed() {
    if (const SysResult result = register_page(); !result.ok()) {
      return from_registration(result.error);
    }
    const char byte = 0;
    const SysResult sent = from_errno(::send(pair().server.get(), &byte, 1, MSG_NOSIGNAL));
    if (!sent.ok()) {
      return {Support::untried, "trial", "send: " + describe_errno(sent.error)};
    }
    return from_trial(operate([&](io_uring_sqe& sqe) {
      ::io_uring_prep_read_fixed(&sqe, pair().client.get(), page_.data(), 1, 0, 0);
    }));
  }

  /// On the side to which no trial sends anything, so that it stays armed and takes nothing away.
  Answer recv_multishot() {
    BufferRing buffers(ring_, 0, 1);
    buffers.write(0, {page_.data(), page_.size()});
    buffers.publish(1);
    return from_trial(arm([&](io_uring_sqe& sqe) {
      ::io_uring_prep_recv_multishot(&sqe, pair().server.get(), nullptr, 0, 0);
      sqe.flags |= IOSQE_BUFFER_SELECT;
      sqe.buf_group = buffers.group();
    }));
  }

  Answer buffer_ring(Consumption consumption) {
    const BufferRing trial(ring_, 0, 1, consumption);
    return {Support::present, "trial", "accepted"};
  }

  Answer send_zc(std::uint16_t flags) {
    if (const SysResult result = register_page(); !result.ok()) {
      return from_registration(result.error);
    }
    const SysResult result = operate([&](io_uring_sqe& sqe) {
      ::io_uring_prep_send_zc(&sqe, pair().zero_copy(), page_.data(), 1, 0, flags);
    });
    return from_zero_copy_trial(result);
  }

  Answer from_zero_copy_trial(const SysResult& result) {
    if (pair().loopback_is_down() && (result.error == EPIPE || result.error == ENOTCONN)) {
      return {Support::present, "trial", "accepted (of a socket without a peer: loopback is down)"};
    }
    return from_trial(result);
  }

  Answer sendmsg_zc_fixed() {
    if (const SysResult result = register_page(); !result.ok()) {
      return from_registration(result.error);
    }
    iovec piece{page_.data(), 1};
    msghdr header{};
    header.msg_iov = &piece;
    header.msg_iovlen = 1;
    return from_zero_copy_trial(operate([&](io_uring_sqe& sqe) {
      ::io_uring_prep_sendmsg_zc(&sqe, pair().zero_copy(), &header, 0);
      sqe.ioprio |= abi::kRecvSendFixedBuf;
      sqe.buf_index = static_cast<std::uint16_t>(BufferSlot::send);
    }));
  }

  Answer send_vectorized() {
    const iovec piece{page_.data(), 1};
    return from_trial(operate([&](io_uring_sqe& sqe) {
      ::io_uring_prep_send(&sqe, pair().server.get(), &piece, 1, MSG_NOSIGNAL);
      sqe.ioprio |= abi::kSendVectorized;
    }));
  }

  SysResult register_page() {
    if (registered_) return {};
    const SysResult result = ring_.register_buffer(BufferSlot::send, {page_.data(), page_.size()});
    registered_ = result.ok();
    return result;
  }

  /// Opened when the first operation needs it: the other features are found out without sockets.
  const TrialPair& pair() {
    if (pair_) return *pair_;
    try {
      return pair_.emplace(make_trial_pair());
    } catch (const SetupError& error) {
      throw SetupError(error.what());  // without its errno, which says nothing of io_uring
    }
  }

  using Prepare = std::function<void(io_uring_sqe&)>;
  SysResult operate(const Prepare& prepare) {
    pair();  // before an entry is taken, which could not be given back
    return try_operation(ring_, prepare);
  }
  SysResult arm(const Prepare& prepare) {
    pair();
    return try_arming(ring_, prepare);
  }

  MappedMemory page_ = MappedMemory::anonymous(4096);
  std::optional<TrialPair> pair_;
  Ring ring_{RingOptions{}};
  std::unique_ptr<io_uring_probe, decltype(&::io_uring_free_probe)> opcodes_{
      nullptr, &::io_uring_free_probe};
  bool registered_ = false;
};

}  // namespace

std::function<Answer(Feature)> begin_questions() {
  return [questions = std::make_shared<Questions>()](Feature feature) {
    return questions->ask(feature);
  };
}

}  // namespace ub::uring
