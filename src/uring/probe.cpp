#include "uringbench/uring/probe.hpp"

#include <fmt/format.h>
#include <poll.h>
#include <sys/socket.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <memory>

#include "trial.hpp"
#include "uringbench/base/check.hpp"
#include "uringbench/base/kernel_feature.hpp"
#include "uringbench/base/mapped_memory.hpp"
#include "uringbench/uring/buffer_ring.hpp"

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
  bool supported = false;
  std::string_view how;
  std::string detail;
};

Answer from_trial(const SysResult& result) {
  return {result.ok(), "trial", result.ok() ? "accepted" : describe_errno(result.error)};
}

/// Asks the kernel one feature at a time; needs a kernel that has io_uring at all.
class Questions {
 public:
  Answer ask(Feature feature) {
    switch (feature) {
      case Feature::ring:
        return {true, "set-up trial", "granted"};
      case Feature::single_issuer:
        return setup(IORING_SETUP_SINGLE_ISSUER);
      case Feature::defer_taskrun:
        return setup(IORING_SETUP_SINGLE_ISSUER | IORING_SETUP_DEFER_TASKRUN);
      case Feature::coop_taskrun:
        return setup(IORING_SETUP_COOP_TASKRUN);
      case Feature::registered_ring_fd:
        return {ring_.registered_fd(), "trial", ring_.registered_fd() ? "accepted" : "refused"};
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

 private:
  static Answer setup(unsigned flags) {
    io_uring trial{};
    const int result = ::io_uring_queue_init(4, &trial, flags);
    if (result == 0) ::io_uring_queue_exit(&trial);
    return {result == 0, "set-up trial", result == 0 ? "granted" : describe_errno(-result)};
  }

  Answer opcode(int operation) {
    const std::unique_ptr<io_uring_probe, decltype(&::io_uring_free_probe)> probe(
        ::io_uring_get_probe_ring(ring_.raw()), &::io_uring_free_probe);
    if (!probe) return {false, "opcode probe", "IORING_REGISTER_PROBE refused (before Linux 5.6)"};
    const bool known = ::io_uring_opcode_supported(probe.get(), operation) != 0;
    return {known, "opcode probe", known ? "known" : "not known to this kernel"};
  }

  Answer feature_bit(std::uint32_t bit) {
    const bool set = (ring_.features() & bit) != 0;
    return {set, "feature bit", set ? "set" : "not set"};
  }

  Answer accept_multishot() {
    return from_trial(try_arming(ring_, [&](io_uring_sqe& sqe) {
      ::io_uring_prep_multishot_accept(&sqe, pair_.listener.get(), nullptr, nullptr, SOCK_CLOEXEC);
    }));
  }

  Answer poll_multishot() {
    return from_trial(try_arming(ring_, [&](io_uring_sqe& sqe) {
      ::io_uring_prep_poll_multishot(&sqe, pair_.server.get(), POLLERR);
    }));
  }

  Answer write_fixed() {
    if (const SysResult result = register_page(); !result.ok()) return from_trial(result);
    return from_trial(try_operation(ring_, [&](io_uring_sqe& sqe) {
      ::io_uring_prep_write_fixed(&sqe, pair_.server.get(), page_.data(), 1, 0, 0);
    }));
  }

  Answer read_fixed() {
    if (const SysResult result = register_page(); !result.ok()) return from_trial(result);
    const char byte = 0;
    const SysResult sent = from_errno(::send(pair_.server.get(), &byte, 1, MSG_NOSIGNAL));
    if (!sent.ok()) return from_trial(sent);
    return from_trial(try_operation(ring_, [&](io_uring_sqe& sqe) {
      ::io_uring_prep_read_fixed(&sqe, pair_.client.get(), page_.data(), 1, 0, 0);
    }));
  }

  /// On the side to which no trial sends anything, so that it stays armed and takes nothing away.
  Answer recv_multishot() {
    try {
      BufferRing buffers(ring_, 0, 1);
      buffers.write(0, {page_.data(), page_.size()});
      buffers.publish(1);
      return from_trial(try_arming(ring_, [&](io_uring_sqe& sqe) {
        ::io_uring_prep_recv_multishot(&sqe, pair_.server.get(), nullptr, 0, 0);
        sqe.flags |= IOSQE_BUFFER_SELECT;
        sqe.buf_group = buffers.group();
      }));
    } catch (const SetupError& error) {
      return {false, "trial", error.what()};
    }
  }

  Answer buffer_ring(Consumption consumption) {
    try {
      const BufferRing trial(ring_, 0, 1, consumption);
      return {true, "trial", "accepted"};
    } catch (const SetupError& error) {
      return {false, "trial", error.what()};
    }
  }

  Answer send_zc(std::uint16_t flags) {
    if (const SysResult result = register_page(); !result.ok()) return from_trial(result);
    const SysResult result = try_operation(ring_, [&](io_uring_sqe& sqe) {
      ::io_uring_prep_send_zc(&sqe, pair_.zero_copy(), page_.data(), 1, 0, flags);
    });
    return from_zero_copy_trial(result);
  }

  Answer from_zero_copy_trial(const SysResult& result) {
    if (pair_.loopback_is_down() && (result.error == EPIPE || result.error == ENOTCONN)) {
      return {true, "trial", "accepted (of a socket without a peer: loopback is down)"};
    }
    return from_trial(result);
  }

  Answer sendmsg_zc_fixed() {
    if (const SysResult result = register_page(); !result.ok()) return from_trial(result);
    iovec piece{page_.data(), 1};
    msghdr header{};
    header.msg_iov = &piece;
    header.msg_iovlen = 1;
    return from_zero_copy_trial(try_operation(ring_, [&](io_uring_sqe& sqe) {
      ::io_uring_prep_sendmsg_zc(&sqe, pair_.zero_copy(), &header, 0);
      sqe.ioprio |= abi::kRecvSendFixedBuf;
      sqe.buf_index = static_cast<std::uint16_t>(BufferSlot::send);
    }));
  }

  Answer send_vectorized() {
    const iovec piece{page_.data(), 1};
    return from_trial(try_operation(ring_, [&](io_uring_sqe& sqe) {
      ::io_uring_prep_send(&sqe, pair_.server.get(), &piece, 1, MSG_NOSIGNAL);
      sqe.ioprio |= abi::kSendVectorized;
    }));
  }

  SysResult register_page() {
    if (registered_) return {};
    const SysResult result = ring_.register_buffer(BufferSlot::send, {page_.data(), page_.size()});
    registered_ = result.ok();
    return result;
  }

  MappedMemory page_ = MappedMemory::anonymous(4096);
  TrialPair pair_ = make_trial_pair();
  Ring ring_{RingOptions{.sq_entries = 8, .cq_entries = 64}};
  bool registered_ = false;
};

std::vector<Finding> without_io_uring(std::string_view reason) {
  std::vector<Finding> findings;
  findings.reserve(kKnown.size());
  for (const Known& known : kKnown) {
    findings.push_back(
        {known.feature, known.name, known.since(), false, "set-up trial", std::string(reason)});
  }
  return findings;
}

}  // namespace

Probe Probe::run() {
  Probe probe;
  try {
    Questions questions;
    for (const Known& known : kKnown) {
      Answer answer = questions.ask(known.feature);
      probe.findings_.push_back({known.feature, known.name, known.since(), answer.supported,
                                 answer.how, std::move(answer.detail)});
    }
  } catch (const SetupError& error) {
    probe.findings_ = without_io_uring(error.what());
  }
  return probe;
}

Probe Probe::of_host(std::span<const FindingText> said) {
  constexpr std::array<std::string_view, 4> kWays = {"trial", "opcode probe", "feature bit",
                                                     "set-up trial"};
  Probe probe;
  for (const Known& known : kKnown) {
    Finding finding{known.feature, known.name,    known.since(),
                    false,         kWays.front(), "its host did not say"};
    const auto text = std::find_if(
        said.begin(), said.end(), [&](const FindingText& each) { return each.name == known.name; });
    if (text != said.end()) {
      finding.supported = text->supported;
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
    if (finding.supported) continue;
    if (finding.how == "set-up trial" && need != Feature::ring && !of(Feature::ring).supported) {
      return finding.detail;
    }
    return fmt::format("needs {} (Linux {}): {}", finding.name, finding.since, finding.detail);
  }
  return std::nullopt;
}

}  // namespace ub::uring
