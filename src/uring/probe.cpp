#include "uringbench/uring/probe.hpp"

#include <fmt/format.h>
#include <poll.h>
#include <sys/socket.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <functional>
#include <memory>
#include <optional>

#include "trial.hpp"
#include "uringbench/base/check.hpp"
#include "uringbench/base/kernel_feature.hpp"
#include "uringbench/base/mapped_memory.hpp"
#include "uringbench/uring/buffer_ring.hpp"
#include "uringbench/uring/refusal.hpp"

namespace ub::uring {
namespace {

/// A feature and its name in the table of kernel features, which has the rest.
struct Known {
  Feature feature;
  std::string_view name;

  [[nodiscard]] std::string_view since() const {
    const KernelFeature* found = find_kernel_feature(name);
    check(found != nullptr, "every probed feature stands in the table of kernel features");
    return found->since;
  }
};

constexpr std::array kKnown = {
    Known{Feature::ring, "io_uring_setup"},
    Known{Feature::single_issuer, "IORING_SETUP_SINGLE_ISSUER"},
    Known{Feature::defer_taskrun, "IORING_SETUP_DEFER_TASKRUN"},
    Known{Feature::coop_taskrun, "IORING_SETUP_COOP_TASKRUN"},
    Known{Feature::registered_ring_fd, "IORING_REGISTER_RING_FDS"},
    Known{Feature::accept_multishot, "IORING_ACCEPT_MULTISHOT"},
    Known{Feature::poll_multishot, "IORING_POLL_ADD_MULTI"},
    Known{Feature::op_send, "IORING_OP_SEND"},
    Known{Feature::op_sendmsg, "IORING_OP_SENDMSG"},
    Known{Feature::op_write, "IORING_OP_WRITE"},
    Known{Feature::write_fixed, "IORING_OP_WRITE_FIXED"},
    Known{Feature::buffer_ring, "IORING_REGISTER_PBUF_RING"},
    Known{Feature::send_bundle, "IORING_RECVSEND_BUNDLE (send)"},
    Known{Feature::op_splice, "IORING_OP_SPLICE"},
    Known{Feature::send_zc, "IORING_OP_SEND_ZC"},
    Known{Feature::send_zc_fixed, "IORING_OP_SEND_ZC + FIXED_BUF"},
    Known{Feature::sendmsg_zc, "IORING_OP_SENDMSG_ZC"},
    Known{Feature::sendmsg_zc_fixed, "IORING_OP_SENDMSG_ZC + FIXED_BUF"},
    Known{Feature::send_vectorized, "IORING_SEND_VECTORIZED"},
    Known{Feature::send_zc_report_usage, "IORING_SEND_ZC_REPORT_USAGE"},
    Known{Feature::op_recv, "IORING_OP_RECV"},
    Known{Feature::read_fixed, "IORING_OP_READ_FIXED"},
    Known{Feature::recv_multishot, "IORING_RECV_MULTISHOT"},
    Known{Feature::recv_bundle, "IORING_RECVSEND_BUNDLE (receive)"},
    Known{Feature::buffer_ring_incremental, "IOU_PBUF_RING_INC"},
};

/// One answer before it gets its name.
struct Answer {
  Support support = Support::missing;
  std::string_view how;
  std::string detail;
};

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

/// No ring at all. Forbidden or not built in: nothing of io_uring can be had here.
bool is_final(int error) {
  return error == ENOSYS || error == EPERM || error == EACCES || error == EINVAL;
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

/// Of every feature the same: there is no ring to ask of it.
std::vector<Finding> without_ring(Support support, std::string_view reason) {
  std::vector<Finding> findings;
  findings.reserve(kKnown.size());
  for (const Known& known : kKnown) {
    findings.push_back(
        {known.feature, known.name, known.since(), support, "set-up trial", std::string(reason)});
  }
  return findings;
}

constexpr std::array kSupports = {std::pair{Support::present, std::string_view("present")},
                                  std::pair{Support::missing, std::string_view("missing")},
                                  std::pair{Support::untried, std::string_view("untried")}};

/// A word that nobody knows says nothing.
Support support_named(std::string_view text) {
  const auto* const found = std::find_if(kSupports.begin(), kSupports.end(),
                                         [&](const auto& each) { return each.second == text; });
  return found == kSupports.end() ? Support::untried : found->first;
}

}  // namespace

std::string_view to_text(Support support) {
  const auto* const found = std::find_if(kSupports.begin(), kSupports.end(),
                                         [&](const auto& each) { return each.first == support; });
  check(found != kSupports.end(), "every support has a word");
  return found->second;
}

Probe Probe::run() {
  Probe probe;
  try {
    Questions questions;
    for (const Known& known : kKnown) {
      Answer answer = questions.ask(known.feature);
      probe.findings_.push_back({known.feature, known.name, known.since(), answer.support,
                                 answer.how, std::move(answer.detail)});
    }
  } catch (const SetupError& error) {
    probe.findings_ =
        without_ring(is_final(error.error()) ? Support::missing : Support::untried, error.what());
  }
  return probe;
}

Probe Probe::of_host(std::span<const FindingText> said) {
  constexpr std::array<std::string_view, 4> kWays = {"trial", "opcode probe", "feature bit",
                                                     "set-up trial"};
  Probe probe;
  for (const Known& known : kKnown) {
    Finding finding{known.feature,    known.name,    known.since(),
                    Support::untried, kWays.front(), "its host did not say"};
    const auto text = std::find_if(
        said.begin(), said.end(), [&](const FindingText& each) { return each.name == known.name; });
    if (text != said.end()) {
      finding.support = support_named(text->support);
      finding.detail = text->detail;
      const auto* const way = std::find(kWays.begin(), kWays.end(), text->how);
      if (way != kWays.end()) finding.how = *way;
    }
    probe.findings_.push_back(std::move(finding));
  }
  return probe;
}

const Finding& Probe::of(Feature feature) const {
  const auto found = std::find_if(findings_.begin(), findings_.end(), [&](const Finding& finding) {
    return finding.feature == feature;
  });
  check(found != findings_.end(), "every feature was asked for");
  return *found;
}

std::optional<std::string> Probe::missing(std::span<const Feature> needs) const {
  for (const Feature need : needs) {
    const Finding& finding = of(need);
    if (finding.support != Support::missing) continue;
    if (finding.how == "set-up trial" && need != Feature::ring &&
        of(Feature::ring).support == Support::missing) {
      return finding.detail;
    }
    return fmt::format("needs {} (Linux {}): {}", finding.name, finding.since, finding.detail);
  }
  return std::nullopt;
}

std::optional<std::string> Probe::untried(std::span<const Feature> needs) const {
  const auto found = std::find_if(needs.begin(), needs.end(), [&](Feature need) {
    return of(need).support == Support::untried;
  });
  if (found == needs.end()) return std::nullopt;
  const Finding& finding = of(*found);
  return fmt::format("{} could not be tried: {}", finding.name, finding.detail);
}

}  // namespace ub::uring
