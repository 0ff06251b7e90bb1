#include "uringbench/uring/probe.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <optional>

#include "questions.hpp"
#include "uringbench/base/check.hpp"
#include "uringbench/base/error.hpp"
#include "uringbench/base/kernel_feature.hpp"

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

/// No ring at all. Forbidden or not built in: nothing of io_uring can be had here.
bool is_final(int error) {
  return error == ENOSYS || error == EPERM || error == EACCES || error == EINVAL;
}

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
    const auto ask = begin_questions();
    for (const Known& known : kKnown) {
      Answer answer = ask(known.feature);
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
