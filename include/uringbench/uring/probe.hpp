#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace ub::uring {

/// What a path or the reactor may need of the kernel's io_uring.
enum class Feature {
  ring,
  single_issuer,
  defer_taskrun,
  coop_taskrun,
  registered_ring_fd,
  accept_multishot,
  poll_multishot,
  op_send,
  op_sendmsg,
  op_write,
  write_fixed,
  buffer_ring,
  send_bundle,
  op_splice,
  send_zc,
  send_zc_fixed,
  sendmsg_zc,
  sendmsg_zc_fixed,
  send_vectorized,
  send_zc_report_usage,
  op_recv,
  read_fixed,
  recv_multishot,
  recv_bundle,
  buffer_ring_incremental,
};

/// What the trial of a feature showed. `missing`: the kernel lacks it, or forbids io_uring as a
/// whole. `untried`: the trial itself could not be made (a limit, a seccomp filter of one call), so
/// nothing is known; a case that needs the feature runs, and its own failure or success tells.
enum class Support { present, missing, untried };

std::string_view to_text(Support support);

/// What was found out about one feature, and how. `present` does not mean "effective": a zero-copy
/// send on loopback is there and copies.
struct Finding {
  Feature feature;
  std::string_view name;  ///< the kernel's own name for it
  std::string_view
      since;  ///< first mainline version; distributions backport, so it decides nothing
  Support support = Support::missing;
  std::string_view how;  ///< "trial", "opcode probe", "feature bit", "set-up trial"
  std::string detail;    ///< errno of the trial, or why there was none

  [[nodiscard]] bool present() const { return support == Support::present; }
};

/// A finding as one host tells it to another: by the feature's name.
struct FindingText {
  std::string name;
  std::string support;  ///< to_text(Support)
  std::string how;
  std::string detail;
};

/// The features of the running kernel, each asked for separately; none is inferred from another or
/// from the version number. The first ring is made as a run makes it. Probing opens a few rings and
/// a TCP pair on loopback, and closes them again.
class Probe {
 public:
  static Probe run();

  /// The probe of another host, of what it said. A feature that it did not name is untried.
  static Probe of_host(std::span<const FindingText> said);

  /// A kernel as `findings` describe it, one for every feature; for tests of what follows from
  /// them.
  explicit Probe(std::vector<Finding> findings) : findings_(std::move(findings)) {}

  [[nodiscard]] std::span<const Finding> findings() const { return findings_; }
  [[nodiscard]] const Finding& of(Feature feature) const;

  /// The first of `needs` that is missing, in words; empty when none is.
  [[nodiscard]] std::optional<std::string> missing(std::span<const Feature> needs) const;

  /// The first of `needs` that could not be tried, in words; empty when all were.
  [[nodiscard]] std::optional<std::string> untried(std::span<const Feature> needs) const;

 private:
  Probe() = default;

  std::vector<Finding> findings_;
};

}  // namespace ub::uring
